import type { Db } from "#lib/db/prisma.ts";

/** How many merges and splits, one after another, a record is followed through. */
const STEPS_MAX = 100;

/**
 * The record that had this position in an incident before it was merged away or went to another by a split, and the
 * incident where it is now; null when there was none.
 */
export async function recordOfPlace(
  db: Db,
  incidentId: string,
  position: number,
): Promise<{ id: string; incidentId: string } | null> {
  const rows = await db.$queryRaw<{ id: string; incidentId: string }[]>`
    WITH RECURSIVE way (id, position, steps) AS (
      SELECT ${incidentId}::uuid, ${position}::int, 0
      UNION ALL
      SELECT next.id, next.position, way.steps + 1
      FROM way CROSS JOIN LATERAL (
        SELECT m.into_id AS id, m.base + way.position AS position
        FROM incident_merge m WHERE m.from_id = way.id AND way.position <= m.count
          AND NOT EXISTS (SELECT FROM incident_unmerge u WHERE u.merge_id = m.id)
        UNION ALL
        SELECT s.into_id, d.into_position
        FROM evidence_departure d JOIN incident_split s ON s.id = d.split_id
        WHERE d.incident_id = way.id AND d.position = way.position
          AND NOT EXISTS (SELECT FROM incident_unsplit u WHERE u.split_id = s.id)
        UNION ALL
        SELECT s.from_id, d.position
        FROM incident_split s JOIN incident_unsplit u ON u.split_id = s.id JOIN evidence_departure d ON d.split_id = s.id
        WHERE s.into_id = way.id AND d.into_position = way.position) AS next
      WHERE way.steps < ${STEPS_MAX}::int
    )
    SELECT e.id, e.incident_id AS "incidentId"
    FROM way JOIN evidence_item e ON e.incident_id = way.id AND e.position = way.position
    WHERE way.steps > 0 ORDER BY way.steps DESC LIMIT 1`;
  return rows[0] ?? null;
}
