"use client";

import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SelectField } from "#components/ui/select.tsx";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";

type Props = {
  filter: TrailFilter;
  kinds: readonly string[];
  onChange: (change: Partial<TrailFilter>) => void;
};

const EVERY = "every";

export function TrailFilters({ filter, kinds, onChange }: Props) {
  return (
    <div className="flex items-center gap-2">
      <IncidentBox
        key={filter.incident}
        value={filter.incident}
        onChange={(incident) => onChange({ incident })}
      />
      <div className="w-56">
        <SelectField
          label="Kind of entry"
          labelHidden
          value={filter.kind || EVERY}
          options={[
            { value: EVERY, label: "Every kind" },
            ...kinds.map((kind) => ({ value: kind, label: kindWords(kind) })),
          ]}
          onChange={(kind) => onChange({ kind: kind === EVERY ? "" : kind })}
        />
      </div>
      {filter.incident || filter.kind ? (
        <IconButton
          size="sm"
          label="Show the whole trail"
          icon={<X className="size-3.5" strokeWidth={1.5} aria-hidden />}
          onClick={() => onChange({ incident: "", kind: "" })}
        />
      ) : null}
    </div>
  );
}

/** `decision.took_effect` -> `Decision: took effect` */
export function kindWords(kind: string): string {
  const [noun = kind, past = ""] = kind.replaceAll("_", " ").split(".");
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}${past ? `: ${past}` : ""}`;
}

function IncidentBox({ value, onChange }: { value: string; onChange: (incident: string) => void }) {
  const [text, setText] = useState(value);
  const box = useRef<HTMLInputElement>(null);
  const bad = text.trim() !== "" && parseIncidentNumber(text) === null;
  useEffect(
    () => box.current?.setCustomValidity(bad ? "Write a number such as INC-000123." : ""),
    [bad],
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const number = parseIncidentNumber(text);
        onChange(number === null ? "" : incidentNumber(number));
      }}
    >
      <input
        ref={box}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={(event) => {
          if (!bad && text.trim() !== value) event.currentTarget.form?.requestSubmit();
        }}
        maxLength={20}
        spellCheck={false}
        aria-label="Incident"
        aria-invalid={bad}
        placeholder="INC-000123"
        className="h-7 w-32 rounded-control border border-line-strong/70 bg-sunken px-2.5 text-sm tabular-nums hover:border-line-strong focus-visible:border-accent aria-invalid:border-danger"
      />
    </form>
  );
}
