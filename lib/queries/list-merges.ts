import type { MergeView } from "#lib/contracts/similar-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { unmergeRefusal } from "#lib/domain/incident/merge.ts";
import { iso } from "./shape.ts";

export const MERGES_SHOWN = 50;

type Row = {
  id: string;
  from_id: string;
  number: number;
  person: PersonView;
  at: Date;
  reason: string;
  count: number;
  refusal: string | null;
};

/** What was merged into an incident by hand and stands, the newest first. */
export async function listMerges(db: Db, incidentId: string): Promise<MergeView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT m.id, m.from_id, f.number, person_view(p) AS person, m.at, m.reason, m.count,
           gate.unmerge_refusal(m.id) AS refusal
    FROM incident_merge m JOIN incident f ON f.id = m.from_id JOIN person p ON p.id = m.person_id
    WHERE m.into_id = ${incidentId}::uuid AND NOT EXISTS (SELECT FROM incident_unmerge u WHERE u.merge_id = m.id)
    ORDER BY m.at DESC, m.id LIMIT ${MERGES_SHOWN}::int`;
  return rows.map((row) => ({
    id: row.id,
    from: { id: row.from_id, number: incidentNumber(row.number) },
    person: row.person,
    at: iso(row.at),
    reason: row.reason,
    count: row.count,
    mayNotUndo: row.refusal === null ? null : unmergeRefusal(row.refusal).sentence,
  }));
}

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
