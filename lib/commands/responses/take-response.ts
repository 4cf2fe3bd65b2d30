import type { Dispatched } from "#lib/connectors/responders/responder.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";

/** A run that a worker has for a while, and where it stands. */
export type TakenResponse = {
  runId: string;
  /** The id of the signed decision, or `automatic:` and that of the act. */
  decision: string;
  /** `INC-000123` */
  incident: string;
  action: ResponseActionKind;
  target: string;
  outcome: string;
  step: "dispatch" | "verify";
  /** Null: it does something; else what it takes back, as that was dispatched. */
  takesBack: Dispatched | null;
  isUndo: boolean;
  responderId: string | null;
  dispatched: Dispatched | null;
  checks: number;
  attempts: number;
  /** ISO 8601 UTC; the same for every attempt. */
  plannedAt: string;
};

type Row = {
  run_id: string;
  decision: string;
  number: number;
  action: ResponseActionKind;
  target: string;
  outcome: string;
  step: "dispatch" | "verify";
  undo_of: string | null;
  takes_back: Dispatched | null;
  responder_id: string | null;
  dispatched: Dispatched | null;
  checks: number;
  attempts: number;
  created_at: Date;
};

/** Takes the run that has waited longest for its next step, for `leaseMs`; null: none is due. */
export async function takeResponse(
  db: Db,
  { worker, leaseMs }: { worker: string; leaseMs: number },
): Promise<TakenResponse | null> {
  const [row] = await db.$queryRaw<Row[]>`
    WITH due AS (
      SELECT run_id FROM response_task
      WHERE step <> 'done' AND next_at <= clock_timestamp() AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
      ORDER BY next_at, run_id LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE response_task t SET claimed_by = ${worker}, claimed_until = clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'
      FROM due WHERE t.run_id = due.run_id RETURNING t.*
    )
    SELECT t.run_id, coalesce(r.decision_id::text, 'automatic:' || r.automatic_act_id) AS decision, i.number, r.action, r.target, r.outcome, t.step, t.undo_of, u.dispatched AS takes_back,
      t.responder_id, t.dispatched, t.checks, t.created_at,
      (SELECT count(*)::int FROM response_attempt a WHERE a.run_id = t.run_id) AS attempts
    FROM taken t JOIN response_run r ON r.id = t.run_id JOIN incident i ON i.id = r.incident_id
    LEFT JOIN response_task u ON u.run_id = t.undo_of`;
  if (!row) return null;
  return {
    runId: row.run_id,
    decision: row.decision,
    incident: incidentNumber(row.number),
    action: row.action,
    target: row.target,
    outcome: row.outcome,
    step: row.step,
    takesBack: row.takes_back,
    isUndo: row.undo_of !== null,
    responderId: row.responder_id,
    dispatched: row.dispatched,
    checks: row.checks,
    attempts: row.attempts,
    plannedAt: row.created_at.toISOString(),
  };
}
