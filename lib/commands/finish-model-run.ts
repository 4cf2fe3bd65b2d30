import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText, type Actor } from "./actor.ts";

export type FinishModelRunInput = {
  runId: string;
  state: "finished" | "failed" | "cancelled" | "refused";
  /** The exact body that came back, whatever it was; "" when nothing did. */
  response: string;
  stopReason: string | null;
  requestId: string | null;
  usage: Record<string, number> | null;
  /** Why the run gave no whole answer, in a sentence. */
  error: string | null;
};

/** Stores what came of a run, once: a second call changes nothing and returns false. */
export async function finishModelRun(
  db: Db,
  input: FinishModelRunInput,
  by: Actor,
): Promise<boolean> {
  const { runId, state, response, stopReason, requestId, usage, error } = input;
  return transact(db, async (tx) => {
    const { count } = await tx.modelRun.updateMany({
      where: { id: runId, state: { in: ["queued", "streaming"] } },
      data: {
        state,
        response,
        stopReason,
        requestId,
        usage: usage ?? undefined,
        error,
        finishedAt: new Date(),
      },
    });
    if (count === 0) return false;
    const { incidentId, model } = await tx.modelRun.findUniqueOrThrow({
      where: { id: runId },
      select: { incidentId: true, model: true },
    });
    const payload = {
      run: runId,
      model,
      state,
      responseSha256: sha256(response).toString("hex"),
      responseBytes: Buffer.byteLength(response),
      stopReason,
      requestId,
      usage,
      error,
    };
    const kind = state === "finished" ? "model_run.finished" : "model_run.failed";
    await appendTrail(tx, { kind, actor: actorText(by), incidentId, payload });
    await tx.outbox.create({ data: { kind: "incident.changed", incidentId } });
    return true;
  });
}
