"use client";

import { ListFilter, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu, MenuChecks, MenuChoice, MenuSeparator } from "#components/ui/menu.tsx";
import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { SEVERITY_WORDS } from "#lib/domain/incident/words.ts";

const KINDS = [
  { value: "alert", label: "Alerts" },
  { value: "event", label: "Events" },
  { value: "incident", label: "Source incidents" },
  { value: "note", label: "Notes" },
  { value: "run", label: "Model runs" },
  { value: "decision", label: "Decisions" },
  { value: "sign_off", label: "Sign-offs" },
] as const;

const ANY = "any";
const SEVERITY_OPTIONS = [
  { value: ANY, label: "Any severity" },
  ...SEVERITIES.toReversed().map((value) => ({
    value,
    label: value === "critical" ? "Critical only" : `${SEVERITY_WORDS[value]} and above`,
  })),
];

/** So that a key of the screen can go to it. */
export const THREAD_SEARCH_ID = "thread-search";

type Props = {
  filter: ThreadFilter;
  sources: string[];
  /** Whether repeats stand as one line. */
  folded: boolean;
  onChange: (filter: ThreadFilter) => void;
  onFold: (folded: boolean) => void;
};

const SHOWN = [
  { value: "fold", label: "Repeats as one line" },
  { value: "pinned", label: "Pinned records alone" },
] as const;

/** What of the thread is shown; the choice stands in the address. */
export function ThreadFilters({ filter, sources, folded, onChange, onFold }: Props) {
  const count =
    (filter.kinds?.length ? 1 : 0) + (filter.sources?.length ? 1 : 0) + (filter.severity ? 1 : 0);
  return (
    <>
      <ThreadSearch
        value={filter.q ?? ""}
        onChange={(q) => onChange({ ...filter, q: q || undefined })}
      />
      <Menu
        align="end"
        trigger={
          <Button
            size="sm"
            tone={count > 0 ? "default" : "quiet"}
            icon={<ListFilter className="size-3.5" strokeWidth={1.5} aria-hidden />}
          >
            {count > 0 ? `Filter · ${count}` : "Filter"}
          </Button>
        }
      >
        <FilterChoices
          filter={filter}
          sources={sources}
          folded={folded}
          onChange={onChange}
          onFold={onFold}
        />
      </Menu>
      {count > 0 || filter.q || filter.entity || filter.from || filter.to || filter.pinned ? (
        <IconButton
          size="sm"
          label="Clear the filters"
          icon={<X className="size-3.5" strokeWidth={1.5} aria-hidden />}
          onClick={() => onChange({ where: filter.where })}
        />
      ) : null}
    </>
  );
}

function FilterChoices({ filter, sources, folded, onChange, onFold }: Props) {
  return (
    <>
      <MenuChecks
        label="Kind"
        values={filter.kinds ?? []}
        options={KINDS}
        onChange={(kinds) => onChange({ ...filter, kinds: kinds.length ? kinds : undefined })}
      />
      <MenuSeparator />
      <MenuChoice
        label="Severity of alerts"
        value={filter.severity ?? ANY}
        options={SEVERITY_OPTIONS}
        stays
        onChange={(value) =>
          onChange({ ...filter, severity: value === ANY ? undefined : (value as Severity) })
        }
      />
      {sources.length > 1 ? (
        <>
          <MenuSeparator />
          <MenuChecks
            label="Source"
            values={filter.sources ?? []}
            options={sources.map((value) => ({ value, label: value }))}
            onChange={(next) => onChange({ ...filter, sources: next.length ? next : undefined })}
          />
        </>
      ) : null}
      <MenuSeparator />
      <MenuChecks
        label="Show"
        values={SHOWN.map(({ value }) => value).filter((value) =>
          value === "fold" ? folded : filter.pinned,
        )}
        options={SHOWN}
        onChange={(next) => {
          const pinned = next.includes("pinned") || undefined;
          if (next.includes("fold") !== folded) onFold(!folded);
          if (pinned !== filter.pinned) onChange({ ...filter, pinned });
        }}
      />
    </>
  );
}

const TYPING_MS = 250;

function ThreadSearch(props: { value: string; onChange: (value: string) => void }) {
  const { value, onChange } = props;
  const [typed, setTyped] = useState(value);
  const [given, setGiven] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== given) {
    setGiven(value);
    // What comes back while the person types on is their own earlier word.
    if (value !== sent) setTyped(value);
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div className="flex h-6 min-w-0 flex-1 items-center gap-1.5 rounded-control px-1.5 text-faint focus-within:bg-sunken">
      <Search className="size-3.5 shrink-0" strokeWidth={1.5} aria-hidden />
      <input
        id={THREAD_SEARCH_ID}
        type="search"
        aria-label="Search the thread"
        placeholder="Search the thread  /"
        maxLength={200}
        value={typed}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => {
            setSent(next.trim());
            onChange(next.trim());
          }, TYPING_MS);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // a browser empties such a box on Escape; here it is only left
          event.preventDefault();
          event.currentTarget.blur();
        }}
        className="h-full min-w-0 flex-1 bg-transparent text-xs text-text focus-visible:outline-none"
      />
    </div>
  );
}
