"use client";

import { useEffect, useRef, useState } from "react";
import type { RefObject } from "react";
import { CONTROL } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { cx } from "#components/ui/cx.ts";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { KIND_GROUPS, kindsOfGroup, kindWords } from "#lib/contracts/trail-kinds.ts";
import { instantOf } from "./trail-params.ts";

type Props = {
  filter: TrailFilter;
  choices: TrailChoices;
  /** The box that `/` puts the cursor into. */
  first: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<TrailFilter>) => void;
};

export const TRAIL_LOGINS = ["web", "worker", "signer", "verifier", "owner"] as const;
const EVERY = "every";

/** What the trail is searched by; each field adds to the others. */
export function TrailFilters({ filter, choices, first, onChange }: Props) {
  const { models, prompts } = choices;
  return (
    <div
      role="search"
      aria-label="Search of the trail"
      className="flex flex-wrap items-center gap-2"
    >
      <TextBox
        key={`incident ${filter.incident}`}
        box={first}
        label="Incident"
        placeholder="INC-000123"
        value={filter.incident}
        read={readIncident}
        wrong="Write a number such as INC-000123."
        className="w-30"
        onChange={(incident) => onChange({ incident })}
      />
      <Pick
        label="Kind of entry"
        every="Every kind"
        width="w-56"
        value={filter.kind}
        options={KIND_CHOICES}
        onChange={(kind) => onChange({ kind })}
      />
      <Pick
        label="Who"
        every="Anyone"
        width="w-44"
        value={filter.actor}
        options={actorsOf(choices)}
        onChange={(actor) => onChange({ actor })}
      />
      <Pick
        label="Database login"
        every="Every login"
        width="w-32"
        value={filter.role}
        options={TRAIL_LOGINS.map((login) => ({ value: `countersign_${login}`, label: login }))}
        onChange={(role) => onChange({ role })}
      />
      <Pick
        label="Model"
        every="Any model"
        width="w-40"
        value={filter.model}
        options={models.map((model) => ({ value: model, label: visibleText(model) }))}
        onChange={(model) => onChange({ model })}
      />
      <Pick
        label="Prompt version"
        every="Any prompt"
        width="w-36"
        value={filter.prompt}
        options={prompts.map((prompt) => ({ value: prompt, label: visibleText(prompt) }))}
        onChange={(prompt) => onChange({ prompt })}
      />
      <TimeRange filter={filter} onChange={onChange} />
    </div>
  );
}

function TimeRange({ filter, onChange }: Pick<Props, "filter" | "onChange">) {
  return (["from", "to"] as const).map((end) => (
    <TextBox
      key={`${end} ${filter[end]}`}
      label={end === "from" ? "From, UTC" : "Until, UTC"}
      placeholder={end === "from" ? "from 2026-03-01 02:00" : "until 2026-03-01 06:00"}
      value={filter[end].replace("T", " ").replace(/(:00)?\.000Z$/, "")}
      read={instantOf}
      wrong="Write a time in UTC such as 2026-03-01 02:00."
      className="w-52"
      onChange={(time) => onChange({ [end]: time })}
    />
  ));
}

type Option = { value: string; label: string; hint?: string };

const KIND_CHOICES: Option[] = KIND_GROUPS.flatMap(({ id, name }) => [
  { value: id, label: name, hint: "All of them" },
  ...kindsOfGroup(id).map((kind) => ({ value: kind, label: kindWords(kind) })),
]);

function actorsOf({ people, models }: TrailChoices): Option[] {
  return [
    ...people.map(({ id, name, role }) => ({
      value: `person:${id}`,
      label: visibleText(name),
      hint: ROLE_WORDS[role],
    })),
    ...models.map((model) => ({
      value: `model:${model}`,
      label: visibleText(model),
      hint: "Model",
    })),
  ];
}

function Pick(props: {
  label: string;
  every: string;
  width: string;
  value: string;
  options: Option[];
  onChange: (value: string) => void;
}) {
  const { label, every, width, value, options, onChange } = props;
  const known = value === "" || options.some((option) => option.value === value);
  return (
    <div className={width}>
      <SelectField
        label={label}
        labelHidden
        value={value || EVERY}
        options={[
          { value: EVERY, label: every },
          ...(known ? [] : [{ value, label: visibleText(value) }]),
          ...options,
        ]}
        onChange={(next) => onChange(next === EVERY ? "" : next)}
      />
    </div>
  );
}

function readIncident(text: string): string {
  const number = parseIncidentNumber(text);
  return number === null ? "" : incidentNumber(number);
}

/** A box that is asked for when it is left or with Enter, and says what it cannot read. */
function TextBox(props: {
  box?: RefObject<HTMLInputElement | null>;
  label: string;
  placeholder: string;
  value: string;
  /** What is asked for; "" when the text is not understood. */
  read: (text: string) => string;
  wrong: string;
  className: string;
  onChange: (value: string) => void;
}) {
  const { label, placeholder, value, read, wrong, className, onChange } = props;
  const [text, setText] = useState(value);
  const own = useRef<HTMLInputElement>(null);
  const box = props.box ?? own;
  const bad = text.trim() !== "" && read(text) === "";
  useEffect(() => box.current?.setCustomValidity(bad ? wrong : ""), [bad, box, wrong]);
  return (
    <form
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim() === "" ? "" : read(text));
      }}
    >
      <input
        ref={box}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={(event) => {
          if (!bad && text.trim() !== value) event.currentTarget.form?.requestSubmit();
        }}
        maxLength={40}
        spellCheck={false}
        aria-label={label}
        aria-invalid={bad}
        placeholder={placeholder}
        className={cx(CONTROL, "h-7 tabular-nums aria-invalid:border-danger")}
      />
    </form>
  );
}
