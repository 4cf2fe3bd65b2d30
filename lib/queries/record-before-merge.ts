import type { Db } from "#lib/db/prisma.ts";

/** How many merges, one after another, a record is followed through. */
const MERGES_MAX = 100;

/** The record that had this position in an incident before it was merged by hand; null when there was none. */
export async function recordBeforeMerge(
  db: Db,
  incidentId: string,
  position: number,
): Promise<string | null> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE way (id, position, merges) AS (
      SELECT ${incidentId}::uuid, ${position}::int, 0
      UNION ALL
      SELECT m.into_id, m.base + way.position, way.merges + 1
      FROM way JOIN incident_merge m ON m.from_id = way.id AND way.position <= m.count
      WHERE way.merges < ${MERGES_MAX}::int AND NOT EXISTS (SELECT FROM incident_unmerge u WHERE u.merge_id = m.id)
    )
    SELECT e.id FROM way JOIN evidence_item e ON e.incident_id = way.id AND e.position = way.position
    WHERE way.merges > 0`;
  return rows[0]?.id ?? null;
}
