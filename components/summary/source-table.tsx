"use client";

import { HostileText } from "#components/marks/hostile-text.tsx";
import { counted } from "#components/ui/amount.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { spanWords, utcWords, zonedClock } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { SourceHealthView } from "#lib/contracts/views.ts";
import { coveredStretches, isSkewed, shareWords, skewWords, spanOf } from "./source-words.ts";
import { useSummaryLinks } from "./summary-links.tsx";

/** Completeness and freshness, source by source. */
export function SourceTable({ sources }: { sources: readonly SourceHealthView[] }) {
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
          {counted(source.records, "record")}
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
