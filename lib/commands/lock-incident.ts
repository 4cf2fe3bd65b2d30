import type { Tx } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";

export type LockedRow = {
  id: string;
  number: number;
  title: string;
  status: string;
  verdict: string | null;
  assigneeId: string | null;
};

/** Locks one incident to the end of the transaction. Throws Problem 404 or, when merged away, 409. */
export async function lockIncident(tx: Tx, incidentId: string): Promise<LockedRow> {
  const rows = await tx.$queryRaw<(LockedRow & { merged: number | null })[]>`
    SELECT i.id, i.number, i.title, i.status, i.verdict, i.assignee_id AS "assigneeId",
           (SELECT m.number FROM incident m WHERE m.id = i.merged_into_id) AS merged
    FROM incident i WHERE i.id = ${incidentId}::uuid FOR UPDATE`;
  const row = rows[0];
  if (!row) throw new Problem("incident_not_found", 404, "There is no such incident.");
  if (row.merged !== null) {
    throw new Problem("incident_merged", 409, "This incident was merged into another one.", {
      into: row.merged,
    });
  }
  return row;
}

/** Tells the live screens that an incident changed, after commit. */
export async function announce(
  tx: Tx,
  incidentId: string,
  kind = "incident.changed",
): Promise<void> {
  await tx.outbox.create({ data: { kind, incidentId }, select: { id: true } });
}
