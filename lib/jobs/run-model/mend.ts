import type { RunContext } from "./context.ts";
import { endLost } from "./end-run.ts";
import { issueAnswer, runsToIssue } from "./issue-answer.ts";

/**
 * Goes on with what workers that died left behind: ends their runs, which queues the next attempt, and issues the
 * summaries they did not come to. Every worker does so all the time; each step is done once.
 */
export async function mendRuns(context: RunContext): Promise<{ ended: number; issued: number }> {
  const { db, clocks, log } = context;
  const mended = { ended: 0, issued: 0 };
  const lost = await db.$queryRaw<{ id: string }[]>`
    SELECT lost_runs AS id FROM gate.lost_runs(${clocks.lost / 1000}::numeric)`;
  for (const { id: runId } of lost) {
    if (!(await endLost(runId, context))) continue;
    mended.ended += 1;
    log.warn({ runId }, "ended a run whose worker was lost");
  }
  for (const runId of await runsToIssue(db)) {
    if (await issueAnswer(db, runId)) mended.issued += 1;
  }
  if (mended.ended > 0) context.wake();
  return mended;
}
