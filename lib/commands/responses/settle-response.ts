import { NOBODY } from "#lib/db/acting.ts";
import type { Dispatched } from "#lib/connectors/responders/responder.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { storableJson, storableText } from "#lib/domain/evidence/storable.ts";
import type { ResponseOutcome } from "../record-response.ts";

/** Longest text of what a system answered, in UTF-16 units. */
const TEXT_MAX = 2_000;

export type EndedAttempt = {
  number: number;
  outcome: "dispatched" | "failed" | "unknown";
  httpStatus: number | null;
  answer: string;
  mayHaveActed: boolean;
};

/** What is written of one step of a run, all of it or nothing. */
export type ResponseStep = {
  runId: string;
  /** Who took the run; another who has it since keeps it, and nothing is written. */
  worker: string;
  next: { step: "dispatch" | "verify"; inSeconds: number } | { step: "done" };
  attempt?: EndedAttempt;
  dispatched?: Dispatched;
  /** What the dry run said, or why nothing is sent. */
  foreseen?: string;
  /** What a check said. */
  checked?: string;
  /** The run's outcome, for the trail; left out while it stays as it is. */
  record?: { outcome: ResponseOutcome; detail: string };
};

/** The run is another worker's by now. */
export class ResponseLost extends Error {
  override name = "ResponseLost";
}

/** Writes what came of a step and gives the run back. @throws ResponseLost */
export async function settleResponse(db: Db, step: ResponseStep): Promise<void> {
  await transact(db, NOBODY, async (tx) => {
    if ((await writeTask(tx, step)) !== 1)
      throw new ResponseLost("another worker has this response");
    if (step.attempt) await writeAttempt(tx, step.runId, step.attempt);
    if (!step.record) return announceRun(tx, step.runId);
    const { outcome, detail } = step.record;
    await tx.$queryRaw`
      SELECT gate.record_response(${step.runId}::uuid, NULL, ${outcome}, ${bounded(detail)})::text`;
  });
}

function writeTask(tx: Tx, { runId, worker, next, ...step }: ResponseStep): Promise<number> {
  const seconds = next.step === "done" ? 0 : next.inSeconds;
  const dispatched = step.dispatched ? JSON.stringify(storableJson(step.dispatched)) : null;
  const checked = step.checked === undefined ? null : bounded(step.checked);
  const foreseen = step.foreseen === undefined ? null : bounded(step.foreseen);
  return tx.$executeRaw`
    UPDATE response_task SET step = ${next.step}, next_at = clock_timestamp() + ${seconds}::int * interval '1 second',
      claimed_by = NULL, claimed_until = NULL,
      dispatched = coalesce(${dispatched}::jsonb, dispatched), foreseen = coalesce(${foreseen}, foreseen),
      ${checked === null ? Prisma.empty : Prisma.sql`checks = checks + 1, checked_at = clock_timestamp(),`}
      checked = coalesce(${checked}, checked)
    WHERE run_id = ${runId}::uuid AND claimed_by = ${worker}`;
}

async function writeAttempt(tx: Tx, runId: string, attempt: EndedAttempt): Promise<void> {
  const { number, outcome, httpStatus, answer, mayHaveActed } = attempt;
  const written = await tx.$executeRaw`
    UPDATE response_attempt SET ended_at = clock_timestamp(), outcome = ${outcome}, http_status = ${httpStatus}::int,
      answer = ${bounded(answer)}, may_have_acted = ${mayHaveActed}
    WHERE run_id = ${runId}::uuid AND number = ${number}::int AND ended_at IS NULL`;
  if (written !== 1) throw new ResponseLost("another worker ended this attempt");
}

/** Screens look again; where an outcome is recorded, the database says so itself. */
async function announceRun(tx: Tx, runId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO outbox (kind, incident_id)
    SELECT 'decision.changed', incident_id FROM response_run WHERE id = ${runId}::uuid`;
}

/** What a system answered is anybody's text. */
function bounded(text: string): string {
  return storableText(text).slice(0, TEXT_MAX).toWellFormed();
}
