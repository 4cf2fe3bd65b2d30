"use client";

import { ListFilter, Search, X } from "lucide-react";
import { useId, useState } from "react";
import type { RefObject } from "react";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import { Menu, MenuChecks, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { SourceChecks } from "./source-checks.tsx";
import { SeverityGlyph } from "#components/marks/severity-mark.tsx";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import {
  parseQueue,
  QUEUE_STATES,
  QUEUE_TEXT_MAX,
  valuesOf,
  withoutTerm,
  withValues,
} from "#lib/domain/incident/queue-syntax.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import {
  QUEUE_STATE_WORDS,
  SEVERITY_WORDS,
  STATUS_WORDS,
  VERDICT_WORDS,
} from "#lib/domain/incident/words.ts";
import { VERDICTS } from "#lib/domain/incident/incident.ts";

type Props = { filter: QueueFilter; onChange: (change: Partial<QueueFilter>) => void };

const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

/** The line that is typed. What can be read is asked for at once; what cannot, is said to be wrong at its place. */
export function FilterBox({
  filter,
  onChange,
  box,
}: Props & { box: RefObject<HTMLInputElement | null> }) {
  // What is typed and cannot be read; what can be stands in the address.
  const [unread, setUnread] = useState<{ text: string; over: string } | null>(null);
  const note = useId();
  // a saved view or the menu may have written another line meanwhile
  const text = unread?.over === filter.q ? unread.text : filter.q;
  const parsed = parseQueue(text);
  const change = (next: string) => {
    const fine = parseQueue(next).ok;
    setUnread(fine ? null : { text: next, over: filter.q });
    if (fine) onChange({ q: next });
  };
  return (
    <div className="relative w-48 lg:w-80">
      <Search
        className="pointer-events-none absolute top-[7px] left-2 size-3.5 text-faint"
        strokeWidth={1.5}
        aria-hidden
      />
      <input
        ref={box}
        type="search"
        value={text}
        maxLength={QUEUE_TEXT_MAX}
        autoComplete="off"
        spellCheck={false}
        aria-label="Filter incidents"
        aria-invalid={!parsed.ok}
        aria-describedby={note}
        placeholder="severity:high host:ws-014"
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" && event.key !== "Enter") return;
          // a browser empties such a box on Escape; here it is only left
          event.preventDefault();
          event.currentTarget.blur();
        }}
        className={cx(
          "h-7 w-full rounded-control border bg-sunken pr-7 pl-7 text-sm transition-colors focus-visible:border-accent [&::-webkit-search-cancel-button]:hidden",
          parsed.ok ? "border-transparent hover:border-line" : "border-danger",
        )}
      />
      <span className="pointer-events-none absolute top-1.5 right-1.5 text-faint" aria-hidden>
        <Kbd>/</Kbd>
      </span>
      <p id={note} role="status" className="contents">
        {parsed.ok ? null : (
          <span className="float absolute inset-x-0 top-8 z-30 block p-2 text-xs">
            <span className="record block truncate text-dim">
              {text.slice(Math.max(0, parsed.fault.start - 12), parsed.fault.start)}
              <mark className="bg-transparent text-danger underline decoration-wavy">
                {text.slice(parsed.fault.start, parsed.fault.end) || "\u00A0"}
              </mark>
            </span>
            {parsed.fault.sentence}
          </span>
        )}
      </p>
    </div>
  );
}

/** What the line says, piece by piece, each to be taken out. */
export function FilterChips({ filter, onChange }: Props) {
  const parsed = parseQueue(filter.q);
  const terms = parsed.ok ? parsed.terms.filter(({ kind }) => kind !== "text") : [];
  if (terms.length === 0) return null;
  return (
    <ul aria-label="Filters" className="flex w-full flex-wrap gap-1 pb-0.5">
      {terms.map((term) => {
        const words = filter.q.slice(term.start, term.end);
        return (
          <li key={term.start} className="max-w-full">
            <button
              type="button"
              onClick={() => onChange({ q: withoutTerm(filter.q, term) })}
              className="record flex h-6 max-w-full items-center gap-1 rounded-control border bg-sunken px-1.5 text-xs text-dim hover:bg-hover hover:text-text"
            >
              <span className="sr-only">Remove </span>
              <span className="truncate">{words}</span>
              <X className="size-3 shrink-0" strokeWidth={1.5} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The usual filters as a menu; it writes into the line. */
export function FilterMenu({ filter, onChange }: Props) {
  const chosen = MENUS.map(({ name }) => valuesOf(filter.q, name));
  const sources = valuesOf(filter.q, "source");
  const words = [
    ...MENUS.flatMap(({ options }, index) =>
      options.filter(({ value }) => chosen[index]?.includes(value)).map(({ label }) => label),
    ),
    ...sources,
  ];
  return (
    <Menu
      align="end"
      className="max-h-[70vh] w-56 overflow-y-auto"
      trigger={
        <Button
          tone="quiet"
          icon={<ListFilter {...ICON} />}
          className={words.length > 0 ? "text-text" : undefined}
        >
          {words.length > 0 ? shortened(words) : "Filter"}
        </Button>
      }
    >
      {MENUS.map(({ name, label, options }, index) =>
        name === "status" && filter.view === "closed" ? null : (
          <div key={name}>
            {index > 0 ? <MenuSeparator /> : null}
            <MenuChecks
              label={label}
              values={chosen[index] ?? []}
              options={options}
              onChange={(values) => onChange({ q: withValues(filter.q, name, values) })}
            />
          </div>
        ),
      )}
      <MenuSeparator />
      <SourceChecks
        values={sources}
        onChange={(values) => onChange({ q: withValues(filter.q, "source", values) })}
      />
      <MenuSeparator />
      <div className="px-2 py-1 text-2xs text-dim">
        Typed filters too: host:, user:, rule:, technique:, event.code:. Those of a rule, a
        technique or a field look at alerts; events are searched in an incident&apos;s thread.
      </div>
      <MenuItem disabled={filter.q === ""} onSelect={() => onChange({ q: "" })}>
        Clear filters
      </MenuItem>
    </Menu>
  );
}

type Option = { value: string; label: string; mark?: React.ReactNode };

const MENUS: readonly { name: string; label: string; options: Option[] }[] = [
  {
    name: "severity",
    label: "Severity",
    options: SEVERITIES.toReversed().map((value) => ({
      value,
      label: SEVERITY_WORDS[value],
      mark: <SeverityGlyph severity={value} className={`text-${value}`} />,
    })),
  },
  {
    name: "status",
    label: "Status",
    options: (["new", "in_progress", "on_hold"] as const).map((value) => ({
      value,
      label: STATUS_WORDS[value],
    })),
  },
  {
    name: "is",
    label: "State",
    options: QUEUE_STATES.map((value) => ({ value, label: QUEUE_STATE_WORDS[value] })),
  },
  {
    name: "assignee",
    label: "Assignee",
    options: [
      { value: "me", label: "Me" },
      { value: "nobody", label: "Nobody" },
    ],
  },
  { name: "watch", label: "Watched", options: [{ value: "me", label: "Watched by me" }] },
  {
    name: "verdict",
    label: "Verdict",
    options: [
      { value: "none", label: "Not judged" },
      ...VERDICTS.map((value) => ({ value, label: VERDICT_WORDS[value] })),
    ],
  },
];

function shortened(words: readonly string[]): string {
  return words.length > 2
    ? `${words.slice(0, 2).join(", ")} +${words.length - 2}`
    : words.join(", ");
}
