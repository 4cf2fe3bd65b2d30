import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import type { TrendsView } from "#lib/contracts/trend-views.ts";
import type { Rate, Spread } from "#lib/domain/review/measures.ts";
import type { Reliance } from "#lib/domain/review/trends.ts";
import { durationWords, rateWords } from "./figure-words.ts";

type Props = Pick<TrendsView, "reliance" | "people">;

/** Signals, not verdicts: whether signatures follow upon reading. Of the desk, and of whoever chose training mode. */
export function RelianceFigures({ reliance, people }: Props) {
  return (
    <>
      <p className="max-w-[720px] text-dim">
        Signals that the desk may lean on the summary, of everybody together. What one person did is
        shown only of those who switched training mode on in their account, and only from then on.
      </p>
      <DataTable aria-label="Reading before signing">
        <thead>
          <tr>
            <Th>Who</Th>
            <Th>Approved without opening evidence</Th>
            <Th>Time on the statement, median (p90)</Th>
            <Th>All claims accepted in one gesture</Th>
          </tr>
        </thead>
        <tbody>
          <Line name="The desk" of={reliance} />
          {people.map((person) => (
            <Line key={person.id} name={person.name} of={person} />
          ))}
        </tbody>
      </DataTable>
      <ul className="flex max-w-[720px] list-disc flex-col gap-0.5 pl-5 text-xs text-dim">
        <li>Without opening evidence: the signer had opened no record of the incident before.</li>
        <li>
          Time on the statement: from its first standing on the signer&apos;s screen to the
          approval.
          {reliance.unrecorded > 0
            ? ` Not recorded of ${reliance.unrecorded} ${reliance.unrecorded === 1 ? "approval" : "approvals"}.`
            : ""}
        </li>
        <li>
          In one gesture: of three claims or more of a summary that one person reviewed, all
          accepted within ten seconds.
        </li>
        {people.length === 0 ? (
          <li>Nobody who signed or reviewed in this period is in training mode.</li>
        ) : null}
      </ul>
    </>
  );
}

function Line({ name, of }: { name: string; of: Reliance }) {
  return (
    <Tr>
      <Th scope="row" className="static text-sm font-medium text-text">
        {name}
      </Th>
      <Td className="tabular-nums">{rateText(of.unopened, "no approval")}</Td>
      <Td className="tabular-nums">{spreadText(of.onStatement)}</Td>
      <Td className="tabular-nums">{rateText(of.oneGesture, "none reviewed")}</Td>
    </Tr>
  );
}

function rateText(rate: Rate, none: string): string {
  return rate === null ? none : rateWords(rate);
}

function spreadText(spread: Spread): string {
  if (spread === null) return "not recorded";
  return `${durationWords(spread.median)} (${durationWords(spread.p90)}) of ${spread.n}`;
}
