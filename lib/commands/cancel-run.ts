import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { RunState } from "#lib/domain/copilot/run.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/** `isStopping`: the answer was on its way; its worker ends it within seconds and keeps what was verified. */
export type CancelledRun = { cancelled: true; state: RunState; isStopping: boolean };

/** Cancels a run that waits, or asks the worker of a running one to stop. One that has ended stays as it is. */
export async function cancelRun(
  db: Db,
  input: { runId: string },
  by: Actor,
): Promise<CancelledRun> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ answer: { state: RunState; stopping: boolean } }[]>`
        SELECT gate.cancel_run(${input.runId}::uuid, ${by.id}::uuid) AS answer`;
      const { state, stopping } = rows[0]!.answer;
      return { cancelled: true, state, isStopping: stopping };
    }),
  );
}
