import type { TrendsView } from "#lib/contracts/trend-views.ts";
import { INCIDENT_MEASURES, TIME_TO_SIGN } from "#lib/domain/review/measures.ts";
import type { Spread } from "#lib/domain/review/measures.ts";
import { durationWords } from "./figure-words.ts";

const MEASURES = { ...INCIDENT_MEASURES, sign: TIME_TO_SIGN };

type Props = Pick<TrendsView, "speed" | "incidents">;

/** How long things took, with the formula of each. */
export function SpeedTable({ speed, incidents }: Props) {
  const longest = Math.max(1, ...Object.values(speed).map((each) => each?.p90 ?? 0));
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-[640px] border-collapse text-left text-sm">
        <caption className="pb-2 text-left text-xs text-dim">
          Of the {incidents} {incidents === 1 ? "incident" : "incidents"} opened in the period,
          those that have come to it; time to sign of the signatures given in it. An open incident
          has no time to resolve yet.
        </caption>
        <thead className="text-2xs text-faint">
          <tr>
            <th scope="col" className="py-1 font-medium">
              Measure
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              Median
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              Mean
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              p90
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              n
            </th>
            <th scope="col" className="w-1/4 py-1 pl-6 font-medium">
              Median, and up to p90
            </th>
          </tr>
        </thead>
        <tbody>
          {(Object.keys(MEASURES) as (keyof typeof MEASURES)[]).map((key) => (
            <tr key={key} className="border-t border-line/70 align-top">
              <th scope="row" className="py-1.5 pr-4 font-normal">
                {MEASURES[key].name}
                <span className="block text-2xs text-faint">= {MEASURES[key].formula}</span>
              </th>
              <Numbers spread={speed[key]} longest={longest} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Numbers({ spread, longest }: { spread: Spread; longest: number }) {
  if (spread === null) {
    return (
      <td colSpan={5} className="py-1.5 pl-6 text-xs text-dim">
        none yet
      </td>
    );
  }
  const part = (ms: number) => Math.max(0, (ms / longest) * 100);
  return (
    <>
      {(["median", "mean", "p90"] as const).map((which) => (
        <td key={which} className="py-1.5 pl-4 text-right whitespace-nowrap tabular-nums">
          {durationWords(spread[which])}
        </td>
      ))}
      <td className="py-1.5 pl-4 text-right tabular-nums">{spread.n}</td>
      <td className="py-2 pl-6">
        <span className="sr-only">
          {durationWords(spread.median)}, up to {durationWords(spread.p90)}
        </span>
        <svg aria-hidden viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full">
          <rect x="0" y="3" width={part(spread.p90)} height="4" className="fill-line-strong" />
          <rect x="0" y="1" width={part(spread.median)} height="8" className="fill-accent" />
        </svg>
      </td>
    </>
  );
}
