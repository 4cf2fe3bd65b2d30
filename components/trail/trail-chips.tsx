"use client";

import { X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import { KIND_GROUPS, kindWords } from "#lib/contracts/trail-kinds.ts";

type Key = keyof TrailFilter;

const NAMES: Record<Key, string> = {
  seq: "Entry",
  incident: "Incident",
  kind: "Kind",
  actor: "Who",
  role: "Login",
  model: "Model",
  prompt: "Prompt",
  from: "From",
  to: "Until",
};

/** What is asked for, each with the way to stop asking for it. */
export function TrailChips({
  filter,
  choices,
  onClear,
}: {
  filter: TrailFilter;
  choices: TrailChoices;
  onClear: (keys: Key[]) => void;
}) {
  const asked = (Object.keys(NAMES) as Key[]).filter((key) => filter[key] !== "");
  if (asked.length === 0) return null;
  return (
    <ul aria-label="Asked for" className="flex flex-wrap items-center gap-1.5">
      {asked.map((key) => (
        <li key={key}>
          <button
            type="button"
            onClick={() => onClear([key])}
            className="inline-flex h-6 max-w-80 items-center gap-1 rounded-control border bg-raised px-1.5 text-xs hover:bg-hover"
          >
            <span className="sr-only">Stop asking for </span>
            <span className="text-dim">{NAMES[key]}</span>
            <span className="truncate">
              <HostileText text={valueWords(key, filter[key], choices)} />
            </span>
            <X className="size-3 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
          </button>
        </li>
      ))}
      {asked.length > 1 ? (
        <li>
          <Button size="sm" tone="quiet" onClick={() => onClear(asked)}>
            Clear all
          </Button>
        </li>
      ) : null}
    </ul>
  );
}

function valueWords(key: Key, value: string, { people }: TrailChoices): string {
  switch (key) {
    case "kind":
      return value
        .split(",")
        .map((word) => KIND_GROUPS.find(({ id }) => id === word)?.name ?? kindWords(word))
        .join(", ");
    case "actor":
      return people.find(({ id }) => value === `person:${id}` || value === id)?.name ?? value;
    case "role":
      return value.replace(/^countersign_/, "");
    case "from":
    case "to":
      return utcWords(value);
    case "seq":
    case "incident":
    case "model":
    case "prompt":
      return value;
  }
}
