import type { Db } from "#lib/db/prisma.ts";
import type { StaleView } from "#lib/contracts/copilot-views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";

const ALERTS_SHOWN = 5;

/**
 * What came into an incident after a summary of its first `evidenceCount` records was written: positions are given
 * in the order of joining. The alerts with the highest severity first. One statement.
 */
export async function staleDetails(
  db: Db,
  incidentId: string,
  evidenceCount: number,
): Promise<StaleView> {
  const rows = await db.$queryRaw<
    { added: bigint; gone: bigint; id: string | null; position: number; title: string }[]
  >`
    SELECT n.added, g.gone, a.id, a.position, a.title
    FROM (SELECT count(*) AS added FROM evidence_item
          WHERE incident_id = ${incidentId}::uuid AND position > ${evidenceCount}) n
    CROSS JOIN (SELECT count(*) AS gone FROM evidence_departure d
                WHERE d.incident_id = ${incidentId}::uuid AND d.position <= ${evidenceCount}
                  AND NOT EXISTS (SELECT FROM incident_unsplit u WHERE u.split_id = d.split_id)
                  AND EXISTS (SELECT FROM incident_split s WHERE s.id = d.split_id AND s.position > ${evidenceCount})) g
    LEFT JOIN LATERAL (
      SELECT id, position, title, severity FROM evidence_item
      WHERE incident_id = ${incidentId}::uuid AND position > ${evidenceCount} AND kind = 'alert'
      ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'], severity), position
      LIMIT ${ALERTS_SHOWN}) a ON true
    ORDER BY array_position(ARRAY['critical', 'high', 'medium', 'low'], a.severity), a.position`;
  return {
    addedCount: Number(rows[0]?.added ?? 0),
    goneCount: Number(rows[0]?.gone ?? 0),
    alerts: rows.flatMap(({ id, position, title }) =>
      id === null ? [] : [{ evidenceId: id, label: evidenceLabel(position), title }],
    ),
  };
}
