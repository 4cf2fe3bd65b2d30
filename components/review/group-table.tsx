import { HostileText } from "#components/marks/hostile-text.tsx";
import type { GroupRates } from "#lib/domain/review/trends.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { percentWords } from "./figure-words.ts";
import { RateBar } from "./rate-bar.tsx";

type Props = { title: string; rows: readonly GroupRates[]; more: number };

/** The override rate of each group, the largest first; names come from outside. */
export function GroupTable({ title, rows, more }: Props) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h3 className="text-xs font-medium text-dim">{title}</h3>
      {rows.length === 0 ? (
        <p className="text-xs text-faint">None of the reviewed claims has one.</p>
      ) : (
        <table className="w-full table-fixed border-collapse text-left text-xs">
          <caption className="sr-only">Override rate by {title.toLowerCase()}</caption>
          <thead className="text-2xs text-faint">
            <tr>
              <th scope="col" className="w-[36%] py-1 font-medium">
                Which
              </th>
              <th scope="col" className="py-1 font-medium">
                Overruled
              </th>
              <th scope="col" className="w-28 py-1 text-right font-medium">
                Interval
              </th>
              <th scope="col" className="w-16 py-1 text-right font-medium">
                Accepted
              </th>
              <th scope="col" className="w-10 py-1 text-right font-medium">
                n
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, override, accepted }) => (
              <tr key={name} className="border-t border-line/70">
                <th
                  scope="row"
                  className="truncate py-1 pr-2 font-normal"
                  title={visibleText(name)}
                >
                  <HostileText text={name} />
                </th>
                <td className="py-1">
                  <span className="flex items-center gap-2">
                    <span className="w-14 shrink-0 whitespace-nowrap tabular-nums">
                      {percentWords(override.share)}
                    </span>
                    <RateBar rate={override} />
                  </span>
                </td>
                <td className="py-1 text-right text-dim tabular-nums">
                  {(override.low * 100).toFixed(1)} to {percentWords(override.high)}
                </td>
                <td className="py-1 text-right tabular-nums">
                  {percentWords(accepted / override.n)}
                </td>
                <td className="py-1 text-right tabular-nums">{override.n}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 ? <p className="text-2xs text-faint">and {more} smaller ones</p> : null}
    </div>
  );
}
