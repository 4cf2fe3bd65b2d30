import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { secondsWords } from "#components/ui/time-words.ts";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import type { EvaluationScores } from "#lib/contracts/copilot-views.ts";
import { moneyWords } from "#lib/domain/copilot/run.ts";
import { judgeScores } from "#lib/domain/copilot/thresholds.ts";
import type { JudgedScore } from "#lib/domain/copilot/thresholds.ts";
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import { shareWords } from "./model-words.ts";

/** The scores of an evaluation, each against its limit. */
export function ModelScores({ scores }: { scores: EvaluationScores }) {
  return (
    <div className="flex flex-col gap-3">
      <div className="overflow-x-auto border-t">
        <DataTable aria-label="Scores against their limits">
          <thead>
            <tr>
              <Th className="pl-0">Measure</Th>
              <Th className="text-right">Score</Th>
              <Th className="text-right">Limit</Th>
              <Th className="pr-0">Reached</Th>
            </tr>
          </thead>
          <tbody>
            {judgeScores(scores).map((judged) => (
              <Tr key={judged.name}>
                <Td className="py-1.5 pl-0">
                  {judged.words}
                  <span className="block text-xs text-faint">{judged.meaning}</span>
                </Td>
                <Td numeric className="whitespace-nowrap">
                  {valueWords(judged, judged.value)}
                </Td>
                <Td numeric className="whitespace-nowrap text-dim">
                  {judged.direction === "least" ? "at least " : "at most "}
                  {valueWords(judged, judged.limit)}
                </Td>
                <Td className="pr-0 whitespace-nowrap">
                  <Reached holds={judged.holds} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </DataTable>
      </div>
      <Mix scores={scores} />
    </div>
  );
}

function valueWords({ name }: JudgedScore, value: number | null): string {
  if (value === null) return "not measured";
  return name === "schemaFailures" ? value.toLocaleString("en") : shareWords(value);
}

function Reached({ holds }: { holds: boolean | null }) {
  if (holds === null) return <span className="text-faint">not measured</span>;
  return holds ? (
    <span className="text-ok">reached</span>
  ) : (
    <span className="text-warn">not reached</span>
  );
}

/** What became of its claims, what it cost and how long it took. */
function Mix({ scores }: { scores: EvaluationScores }) {
  const { claims, standings, costMicro, latencyMs } = scores;
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-1 text-xs text-dim">
      <span className="tabular-nums">
        {claims.toLocaleString("en")} {claims === 1 ? "claim" : "claims"}:
      </span>
      {STANDINGS.map((standing) => (
        <span key={standing} className="flex items-center gap-1.5">
          <StandingMark standing={standing} />
          <span className="tabular-nums">{standings[standing].toLocaleString("en")}</span>
        </span>
      ))}
      <span className="tabular-nums">cost {moneyWords(costMicro)}</span>
      <span className="tabular-nums">
        latency {secondsWords(latencyMs.p50)} median, {secondsWords(latencyMs.p95)} at 95 %
      </span>
    </div>
  );
}
