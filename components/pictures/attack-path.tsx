"use client";

import { useMemo } from "react";
import { SeverityGlyph } from "#components/marks/severity-mark.tsx";
import { cx } from "#components/ui/cx.ts";
import { utcClock, utcWords } from "#components/ui/time-words.ts";
import type { AttackView, TaggedRecordView } from "#lib/contracts/picture-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { SEVERITY_RANK } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { lanesOf } from "./attack-tags.ts";
import type { PathMark } from "./attack-tags.ts";

const SLOTS = 60;

type Props = {
  view: AttackView;
  cited: ReadonlySet<number>;
  onOpenRecord: (evidenceId: string) => void;
};

/** Tactics as lanes, time to the right; a mark is what a source tagged then, and opens its first record. */
export function AttackPath({ view, cited, onOpenRecord }: Props) {
  const { lanes, from, to, untimed } = useMemo(() => lanesOf(view, SLOTS), [view]);
  return (
    <div className="min-h-0 flex-1 overflow-auto p-3">
      <ol className="flex min-w-96 flex-col" aria-label="Tactics over time">
        {lanes.map((lane) => (
          <li key={lane.id} className="flex h-10 items-center gap-3 border-b border-line/70">
            <span className="w-36 shrink-0 text-xs text-dim">{lane.name}</span>
            <div className="relative mr-4 h-full min-w-0 flex-1">
              <span aria-hidden className="absolute inset-x-0 top-1/2 h-px bg-line" />
              {lane.marks.map((mark) => (
                <Mark
                  key={mark.at}
                  mark={mark}
                  isCited={mark.records.some(({ position }) => cited.has(position))}
                  onOpen={onOpenRecord}
                />
              ))}
            </div>
          </li>
        ))}
      </ol>
      {from && to ? (
        <p className="record mt-1 mr-4 ml-39 flex justify-between text-2xs text-faint">
          <time dateTime={from}>{utcWords(from)}</time>
          {to === from ? null : <time dateTime={to}>{utcWords(to)}</time>}
        </p>
      ) : (
        <p className="text-xs text-dim">
          No tagged record has both a time and a tactic; the matrix and the table have all.
        </p>
      )}
      {untimed > 0 ? (
        <p className="mt-2 text-xs text-faint">{untimed.toLocaleString("en")} without a time.</p>
      ) : null}
    </div>
  );
}

function Mark({
  mark: { at, records },
  isCited,
  onOpen,
}: {
  mark: PathMark;
  isCited: boolean;
  onOpen: (evidenceId: string) => void;
}) {
  const first = records[0]!;
  const more = records.length - 1;
  const words = `${first.time ? utcClock(first.time) : ""} ${visibleText(first.title)}${more > 0 ? ` and ${more} more` : ""}`;
  return (
    <button
      type="button"
      aria-label={words}
      title={words}
      onClick={() => onOpen(first.id)}
      style={{ left: `${at * 100}%` }}
      className={cx(
        "absolute top-1/2 flex size-6 -translate-x-1/2 -translate-y-1/2 items-center justify-center rounded-full border bg-surface hover:bg-hover",
        isCited && "border-model",
      )}
    >
      <SeverityGlyph severity={worst(records)} className="text-dim" />
      {more > 0 ? (
        <span
          aria-hidden
          className="absolute -top-1.5 -right-1.5 rounded-full bg-raised px-1 text-[10px] leading-tight text-dim tabular-nums"
        >
          {records.length}
        </span>
      ) : null}
    </button>
  );
}

function worst(records: readonly TaggedRecordView[]): Severity {
  return records.reduce<Severity>(
    (found, { severity }) =>
      severity !== null && SEVERITY_RANK[severity] > SEVERITY_RANK[found] ? severity : found,
    "informational",
  );
}
