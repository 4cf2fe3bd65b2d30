import { claimOnBehalf } from "#lib/db/acting.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { RunFault, RunState } from "#lib/domain/copilot/run.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText, type Actor } from "./actor.ts";
import { queueNextAttempt, type Retry } from "./next-attempt.ts";
import { RUN_CHANGED } from "./queue-run.ts";

export type EndState = Exclude<RunState, "queued" | "streaming">;

export type FinishModelRunInput = {
  runId: string;
  /** Whose run it is; null ends it whoever's it is (a worker that was lost, a run that never started). */
  worker: string | null;
  state: EndState;
  /** The exact body that came back, whatever it was; "" when nothing did. */
  response: string;
  stopReason: string | null;
  requestId: string | null;
  usage: Record<string, number> | null;
  /** Why the run gave no whole answer, in a sentence. */
  error: string | null;
  fault: RunFault | null;
  /** Millionths of a US dollar; null: nobody knows, and what was held back counts as spent. */
  costMicro: number | null;
  modelAnswered: string | null;
  latencyMs: number | null;
  firstClaimMs: number | null;
  canary: "kept" | "leaked" | null;
  verifier: string | null;
  /** All of the answer is there and was usable. */
  isComplete: boolean;
  /** Ask again later, in a run of its own; null: that would not help. */
  retry: Retry | null;
};

export type FinishedRun =
  /** It had ended before, or is another worker's: nothing was changed. */
  { finished: false } | { finished: true; nextRunId: string | null };

/**
 * Ends a run, once: its result, its last event `done`, what it cost, what the breaker makes of it and its next
 * attempt, all in one transaction.
 */
export async function finishModelRun(
  db: Db,
  input: FinishModelRunInput,
  by: Actor,
): Promise<FinishedRun> {
  return transact(db, by, async (tx) => {
    const run = await lockOpenRun(tx, input);
    if (!run) return { finished: false };
    await addDone(tx, input);
    await storeResult(tx, input);
    const breaker = await noteFault(tx, input.runId);
    const nextRunId =
      input.retry && (await queueNextAttempt(tx, { ...input.retry, runId: input.runId, breaker }));
    await tx.outbox.create({ data: { kind: RUN_CHANGED, incidentId: run.incidentId } });
    const kind = input.state === "finished" ? "model_run.finished" : "model_run.failed";
    await claimOnBehalf(tx, run.askedBy);
    await appendTrail(tx, {
      kind,
      actor: actorText(by),
      incidentId: run.incidentId,
      payload: { ...payloadOf(input), model: run.model, kind: run.kind, nextRun: nextRunId },
    });
    return { finished: true, nextRunId };
  });
}

type OpenRun = {
  kind: string;
  model: string;
  incidentId: string | null;
  askedBy: string | null;
  state: RunState;
};

async function lockOpenRun(
  tx: Tx,
  { runId, worker, state }: FinishModelRunInput,
): Promise<OpenRun | null> {
  const rows = await tx.$queryRaw<OpenRun[]>`
    SELECT kind, model, incident_id AS "incidentId", asked_by AS "askedBy", state FROM model_run
    WHERE id = ${runId}::uuid AND state IN ('queued', 'streaming')
      AND (${worker}::text IS NULL OR worker = ${worker}) FOR UPDATE`;
  const run = rows[0];
  if (run?.state === "queued" && state !== "cancelled" && state !== "failed") return null;
  return run ?? null;
}

async function addDone(tx: Tx, { runId, state, error, isComplete }: FinishModelRunInput) {
  const { _max } = await tx.runEvent.aggregate({ where: { runId }, _max: { seq: true } });
  const data = { state, reason: error === null ? null : storableText(error), isComplete };
  await tx.runEvent.create({ data: { runId, seq: (_max.seq ?? 0) + 1, kind: "done", data } });
}

async function storeResult(tx: Tx, input: FinishModelRunInput): Promise<void> {
  const { runId, state, stopReason, requestId, fault, latencyMs, firstClaimMs, verifier } = input;
  await tx.modelRun.update({
    where: { id: runId },
    data: {
      state,
      response: storableText(input.response),
      stopReason,
      requestId,
      usage: input.usage ?? undefined,
      error: input.error === null ? null : storableText(input.error),
      fault,
      costMicro: input.costMicro === null ? null : BigInt(input.costMicro),
      modelAnswered: input.modelAnswered === null ? null : storableText(input.modelAnswered),
      latencyMs,
      firstClaimMs,
      canaryResult: input.canary,
      verifier,
    },
    select: { id: true },
  });
}

/** What the breaker of the run's model stands at after it; null when the run was never sent. */
async function noteFault(tx: Tx, runId: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ state: string | null }[]>`
    SELECT gate.note_fault(${runId}::uuid) AS state`;
  return rows[0]?.state ?? null;
}

function payloadOf(input: FinishModelRunInput) {
  const { runId, state, response, stopReason, requestId, usage, error, fault, costMicro } = input;
  return {
    run: runId,
    state,
    modelAnswered: input.modelAnswered,
    responseSha256: sha256(storableText(response)).toString("hex"),
    responseBytes: Buffer.byteLength(response),
    stopReason,
    requestId,
    usage,
    error: error === null ? null : storableText(error),
    fault,
    costMicro,
    canary: input.canary,
    verifier: input.verifier,
    isComplete: input.isComplete,
  };
}
