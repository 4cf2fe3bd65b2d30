import { NOBODY } from "#lib/db/acting.ts";
import type { RunEvent } from "#lib/contracts/copilot-views.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { storableJson } from "#lib/domain/evidence/storable.ts";

/** `started` and `done` are written by the start and the end of a run. */
export type NewRunEvent = {
  [K in "claim" | "notice"]: Omit<Extract<RunEvent, { kind: K }>, "seq" | "at">;
}["claim" | "notice"];

/**
 * Adds events to a running run and gives their places (1, 2, 3 ...) in order. Null, and nothing stored, when the run
 * has ended or is another worker's. Who listens is told by the caller, after commit. `after` is the place of the last
 * event the caller knows of: with it the same call, repeated when its answer was lost, stores nothing twice.
 */
export async function appendRunEvents(
  db: Db,
  input: { runId: string; worker: string; events: readonly NewRunEvent[]; after?: number },
): Promise<number[] | null> {
  const { runId, worker, events } = input;
  return transact(db, NOBODY, async (tx) => {
    if (!(await isStillOurs(tx, { runId, worker }))) return null;
    const { _max } = await tx.runEvent.aggregate({ where: { runId }, _max: { seq: true } });
    const last = _max.seq ?? 0;
    const first = (input.after ?? last) + 1;
    const seqs = events.map((_, index) => first + index);
    // Committed before, though nobody heard of it: the run has one worker.
    if (last >= first) return seqs;
    await tx.runEvent.createMany({
      data: events.map(({ kind, data }, index) => ({
        runId,
        seq: first + index,
        kind,
        data: storableJson(data),
      })),
    });
    return seqs;
  });
}

/** Locks the run to the end of the transaction: it cannot end, and nothing else adds to it, while events are added. */
async function isStillOurs(tx: Tx, run: { runId: string; worker: string }): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM model_run WHERE id = ${run.runId}::uuid AND state = 'streaming' AND worker = ${run.worker}
    FOR NO KEY UPDATE`;
  return rows.length > 0;
}
