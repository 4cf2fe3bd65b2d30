import type { ToldResponse } from "#lib/contracts/responder-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";

type Row = Omit<ToldResponse, "incident" | "requestedAt"> & { number: number; created_at: Date };

/** A run that this responder, in any version of it, was told of; null for any other. */
export async function findToldResponse(
  db: Db,
  { runId, responder }: { runId: string; responder: string },
): Promise<ToldResponse | null> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT r.id AS run, coalesce(r.decision_id::text, 'automatic:' || r.automatic_act_id) AS decision, i.number, r.action, r.target, r.outcome, t.undo_of AS "undoOf", t.created_at
    FROM response_run r JOIN response_task t ON t.run_id = r.id JOIN responder p ON p.id = t.responder_id
    JOIN incident i ON i.id = r.incident_id
    WHERE r.id = ${runId}::uuid AND p.name = ${responder} AND p.kind = 'webhook'`;
  if (!row) return null;
  const { number, created_at: createdAt, ...told } = row;
  return { ...told, incident: incidentNumber(number), requestedAt: createdAt.toISOString() };
}
