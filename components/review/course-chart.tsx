import type { Rate } from "#lib/domain/review/measures.ts";
import { percentWords, rateWords } from "./figure-words.ts";

type Props = { course: readonly { from: number; rate: Rate }[]; days: number };

/** The override rate along the period as bars; who cannot see them reads the table. */
export function CourseChart({ course, days }: Props) {
  const width = 100 / course.length;
  return (
    <figure className="flex flex-col gap-1">
      <svg
        aria-hidden
        viewBox="0 0 100 40"
        preserveAspectRatio="none"
        className="h-24 w-full border-b border-line-strong"
      >
        {course.map(({ from, rate }, n) =>
          rate === null ? null : (
            <rect
              key={from}
              x={n * width + width * 0.15}
              y={40 - Math.max(0.6, rate.share * 40)}
              width={width * 0.7}
              height={Math.max(0.6, rate.share * 40)}
              className="fill-warn"
              opacity="0.7"
            >
              <title>{`From ${dayOf(from)}: ${rateWords(rate)}`}</title>
            </rect>
          ),
        )}
      </svg>
      <figcaption className="flex justify-between text-2xs text-dim">
        <span>{days} days ago</span>
        <span>full height is 100 %; no bar: nothing was reviewed</span>
        <span>today</span>
      </figcaption>
      <table className="sr-only">
        <caption>Override rate along the period</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Override rate</th>
            <th scope="col">Claims reviewed</th>
          </tr>
        </thead>
        <tbody>
          {course.map(({ from, rate }) => (
            <tr key={from}>
              <th scope="row">{dayOf(from)}</th>
              <td>{rate === null ? "none reviewed" : percentWords(rate.share)}</td>
              <td>{rate?.n ?? 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
