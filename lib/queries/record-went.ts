import type { Db } from "#lib/db/prisma.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";

/** `number` and `label` of where a record is now that went from this incident by a split; null when it did not. */
export async function recordWent(
  db: Db,
  incidentId: string,
  evidenceId: string,
): Promise<{ number: string; label: string } | null> {
  const rows = await db.$queryRaw<{ number: number; position: number }[]>`
    SELECT i.number, e.position
    FROM evidence_item e JOIN incident i ON i.id = e.incident_id
    WHERE e.id = ${evidenceId}::uuid AND e.incident_id <> ${incidentId}::uuid AND EXISTS (
      SELECT FROM evidence_departure d WHERE d.evidence_item_id = e.id AND d.incident_id = ${incidentId}::uuid)`;
  const [row] = rows;
  return row ? { number: incidentNumber(row.number), label: evidenceLabel(row.position) } : null;
}
