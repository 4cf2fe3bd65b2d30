import type { MergeView } from "#lib/contracts/similar-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { unmergeRefusal } from "#lib/domain/incident/merge.ts";
import { iso } from "./shape.ts";

const MERGES_SHOWN = 50;

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
