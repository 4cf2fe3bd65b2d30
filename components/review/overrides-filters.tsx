"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { FilterSelect } from "#components/ui/filter-select.tsx";
import { TextField } from "#components/ui/field.tsx";
import type { OverrideFilter } from "#lib/contracts/override-inputs.ts";
import type { OverrideChoices } from "#lib/contracts/override-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { OVERRIDE_KINDS, OVERRIDE_KIND_WORDS, PERIODS } from "#lib/domain/review/override.ts";
import { overridesSearch } from "./review-address.ts";

type Props = { filter: OverrideFilter; choices: OverrideChoices };

/** What the list is narrowed to; each adds to the others, and all of them stand in the address. */
export function OverridesFilters({ filter, choices }: Props) {
  const router = useRouter();
  const go = (change: Partial<OverrideFilter>) =>
    router.replace(`/review${overridesSearch({ ...filter, override: null, ...change })}`);
  return (
    <div role="search" aria-label="Filter" className="flex flex-wrap items-start gap-2 pb-3">
      <div className="w-52">
        <FilterSelect
          label="What happened"
          value={filter.kind}
          every="Whatever happened"
          words={OVERRIDE_KINDS.map((kind) => [kind, OVERRIDE_KIND_WORDS[kind]])}
          onChange={(kind) => go({ kind })}
        />
      </div>
      <div className="w-40">
        <FilterSelect
          label="Judged"
          value={filter.judged}
          every="Judged and not"
          words={[
            ["no", "Not judged yet"],
            ["yes", "Judged"],
          ]}
          onChange={(judged) => go({ judged })}
        />
      </div>
      <ByWhom filter={filter} choices={choices} go={go} />
      <div className="w-36">
        <FilterSelect
          label="Period"
          value={filter.days === null ? null : String(filter.days)}
          every="Of all time"
          words={PERIODS.map((days) => [String(days), `Last ${days} days`])}
          onChange={(days) => go({ days: days === null ? null : Number(days) })}
        />
      </div>
      <IncidentBox
        key={filter.incident}
        value={filter.incident}
        onChange={(incident) => go({ incident })}
      />
    </div>
  );
}

type ByWhomProps = Props & { go: (change: Partial<OverrideFilter>) => void };

/** The person who overruled, and the model and prompt that were. */
function ByWhom({ filter, choices, go }: ByWhomProps) {
  const { people, models, prompts } = choices;
  const picks = [
    {
      key: "person",
      ...{ label: "Who", every: "Anyone" },
      words: people.map(({ id, name }) => [id, visibleText(name)] as const),
    },
    {
      key: "model",
      ...{ label: "Model", every: "Any model" },
      words: models.map((model) => [model, visibleText(model)] as const),
    },
    {
      key: "prompt",
      ...{ label: "Prompt version", every: "Any prompt" },
      words: prompts.map(
        ({ id, name, version }) => [id, `${visibleText(name)}/${version}`] as const,
      ),
    },
  ] as const;
  return picks.map(({ key, ...pick }) => (
    <div key={key} className="w-40">
      <FilterSelect {...pick} value={filter[key]} onChange={(value) => go({ [key]: value })} />
    </div>
  ));
}

type IncidentBoxProps = { value: number | null; onChange: (value: number | null) => void };

function IncidentBox({ value, onChange }: IncidentBoxProps) {
  const [wrong, setWrong] = useState(false);
  const [text, setText] = useState(value === null ? "" : String(value));
  return (
    <form
      className="w-32"
      onSubmit={(event) => {
        event.preventDefault();
        const number = text.trim() === "" ? null : parseIncidentNumber(text.trim());
        setWrong(text.trim() !== "" && number === null);
        if (text.trim() === "" || number !== null) onChange(number);
      }}
    >
      <TextField
        label="Incident"
        labelHidden
        placeholder="INC-000123"
        value={text}
        error={wrong ? "Write INC-000123." : null}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
