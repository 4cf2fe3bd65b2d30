"use client";

import { ChevronRight, CircleCheck, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { cx } from "#components/ui/cx.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { spanWords, utcWords, zonedClock } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { SourceHealthView } from "#lib/contracts/views.ts";
import {
  coveredStretches,
  isSkewed,
  shareWords,
  skewWords,
  sourcesLine,
  spanOf,
} from "./source-words.ts";
import { useSummaryLinks } from "./summary-links.tsx";

/** How complete and fresh the evidence is, in one line; pressed, source by source. */
export function SourceMeter({ sources }: { sources: readonly SourceHealthView[] }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (sources.length === 0) return null;
  return (
    <section aria-label="Completeness of the evidence" className="shrink-0 border-t">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-8 w-full items-center gap-1.5 px-3 py-1 text-left text-xs text-dim hover:bg-hover"
      >
        <Line sources={sources} />
        <ChevronRight
          className={cx("ml-auto size-3.5 shrink-0 transition-transform", open && "rotate-90")}
          strokeWidth={1.5}
          aria-hidden
        />
      </button>
      <div
        id={id}
        hidden={!open}
        role="region"
        aria-label="Source by source"
        tabIndex={0}
        className="max-h-64 overflow-auto px-3 pb-2 outline-offset-[-2px]"
      >
        {open ? <SourceTable sources={sources} /> : null}
      </div>
    </section>
  );
}

function Line({ sources }: { sources: readonly SourceHealthView[] }) {
  const line = sourcesLine(sources);
  const Icon = line.whole ? CircleCheck : TriangleAlert;
  const careful = (what: string) => <span className="text-text">{what}</span>;
  const facts = [
    careful(plural(line.sources, "source")),
    line.lastAt ? (
      <>
        last record <RelativeTime at={line.lastAt} />
      </>
    ) : null,
    line.gaps > 0 ? careful(plural(line.gaps, "gap")) : "no gaps",
    line.silent > 0 ? careful(`${line.silent} silent`) : null,
    line.refusedShare > 0 ? careful(`${shareWords(line.refusedShare)} refused`) : null,
    line.skewSeconds === null ? null : careful(`clock ${skewWords(line.skewSeconds, spanWords)}`),
  ].filter((fact) => fact !== null);
  return (
    <>
      <Icon
        className={cx("size-3.5 shrink-0", line.whole ? "text-ok" : "text-warn")}
        strokeWidth={1.5}
        aria-hidden
      />
      <span className="flex flex-wrap gap-x-1.5 tabular-nums">
        {facts.map((fact, index) => (
          <span key={index}>
            {fact}
            {index < facts.length - 1 ? (
              <span aria-hidden className="ml-1.5 text-faint">
                ·
              </span>
            ) : null}
          </span>
        ))}
      </span>
    </>
  );
}

function SourceTable({ sources }: { sources: readonly SourceHealthView[] }) {
  const span = spanOf(sources);
  return (
    <table className="w-full min-w-[400px] border-collapse text-xs">
      <caption className="sr-only">Completeness and freshness by source</caption>
      <thead>
        <tr className="text-left text-2xs text-faint">
          <th scope="col" className="py-1 pr-3 font-medium">
            Source
          </th>
          <th scope="col" className="py-1 pr-3 font-medium">
            Last record
          </th>
          <th scope="col" className="py-1 pr-3 font-medium">
            Gaps
          </th>
          <th scope="col" className="py-1 pr-3 text-right font-medium">
            Refused
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            Clock
          </th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <SourceRow key={source.sourceId} source={source} span={span} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = { source: SourceHealthView; span: ReturnType<typeof spanOf> };

function SourceRow({ source, span }: RowProps) {
  return (
    <tr className="border-t border-line/60 align-top">
      <th scope="row" className="py-1.5 pr-3 text-left font-normal wrap-anywhere">
        <span className="block text-text">
          <HostileText text={source.source} />
        </span>
        <span className="block text-2xs text-faint tabular-nums">
          {plural(source.records, "record")}
        </span>
        <Coverage source={source} span={span} />
      </th>
      <td className="py-1.5 pr-3 text-dim">
        {source.lastAt ? <RelativeTime at={source.lastAt} /> : "no time known"}
        {source.silent ? (
          <span
            className="block text-2xs text-warn"
            title="It delivers in general, and nothing to this incident"
          >
            silent here
          </span>
        ) : null}
      </td>
      <td className="py-1 pr-3">
        {source.silent ? (
          <span className="inline-block py-0.5 text-dim">no record at all</span>
        ) : (
          <Gaps gaps={source.gaps} source={source.source} />
        )}
      </td>
      <td className="py-1.5 pr-3 text-right text-dim tabular-nums">
        {source.refused > 0 ? (
          <span title={`${source.refused.toLocaleString("en")} could not be taken in`}>
            {shareWords(source.refusedShare)}
          </span>
        ) : (
          "none"
        )}
      </td>
      <td className="py-1.5 text-right whitespace-nowrap text-dim tabular-nums">
        <Clock seconds={source.clockSkewSeconds} />
      </td>
    </tr>
  );
}

function Clock({ seconds }: { seconds: number | null }) {
  if (seconds === null) {
    return (
      <span className="text-faint" title="It cannot be told from these records">
        unknown
      </span>
    );
  }
  return isSkewed(seconds) ? (
    <span className="text-text">{skewWords(seconds, spanWords)}</span>
  ) : (
    "in step"
  );
}

/** What the other sources have in a stretch; the name quoted, whatever it holds. */
function whereOthers(source: string, from: string, to: string): string {
  return `source!=${JSON.stringify(source)} & time>=${from} & time<=${to}`;
}

function Gaps({ gaps, source }: { gaps: SourceHealthView["gaps"]; source: string }) {
  const { onShowWhere } = useSummaryLinks();
  const { zone } = usePreferences();
  if (gaps.length === 0) return <span className="inline-block py-0.5 text-dim">none</span>;
  return (
    <ul className="flex flex-col">
      {gaps.map(({ from, to, seconds }) => (
        <li key={from}>
          <button
            type="button"
            title={`${utcWords(from)} to ${utcWords(to)}. Show what other sources recorded`}
            aria-label={`No record of ${source} from ${utcWords(from)} to ${utcWords(to)}: show what others recorded`}
            onClick={() => onShowWhere(whereOthers(source, from, to))}
            className="rounded-control py-0.5 text-left text-accent tabular-nums underline-offset-2 hover:underline"
          >
            <span className="record">
              {zonedClock(from, zone)}–{zonedClock(to, zone)}
            </span>{" "}
            <span className="whitespace-nowrap text-dim">{spanWords(seconds * 1000)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A line over the incident's time: drawn where the source has records, open where it has none. */
function Coverage({ source, span }: RowProps) {
  const stretches = coveredStretches(source, span);
  if (stretches.length === 0) return null;
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      className="mt-1 h-1 w-full max-w-40"
    >
      <rect y="1.5" width="100" height="1" className="fill-line" />
      {stretches.map(({ from, to }) => (
        <rect
          key={from}
          x={from * 100}
          width={Math.max(0.8, (to - from) * 100)}
          height="4"
          className="fill-dim"
        />
      ))}
    </svg>
  );
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
