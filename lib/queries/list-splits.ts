import type { SplitView } from "#lib/contracts/split-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { unsplitRefusal } from "#lib/domain/incident/split.ts";
import { iso } from "./shape.ts";

const SPLITS_SHOWN = 50;

type Row = {
  id: string;
  way: "out" | "in";
  other_id: string;
  number: number;
  person: PersonView;
  at: Date;
  reason: string;
  count: number;
  places: [number, number][];
  refusal: string | null;
};

/** What went from an incident to one of its own, or the split it came of, as far as they stand; the newest first. */
export async function listSplits(db: Db, incidentId: string): Promise<SplitView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT s.id, CASE WHEN s.from_id = ${incidentId}::uuid THEN 'out' ELSE 'in' END AS way, o.id AS other_id, o.number,
           person_view(p) AS person, s.at, s.reason, s.count, gate.unsplit_refusal(s.id) AS refusal,
           CASE WHEN s.from_id = ${incidentId}::uuid THEN (
             SELECT jsonb_agg(jsonb_build_array(r.first, r.last) ORDER BY r.first)
             FROM (SELECT min(d.position) AS first, max(d.position) AS last
                   FROM (SELECT position, position - row_number() OVER (ORDER BY position) AS run
                         FROM evidence_departure WHERE split_id = s.id) AS d GROUP BY d.run) AS r) ELSE '[]' END AS places
    FROM incident_split s JOIN person p ON p.id = s.person_id
    JOIN incident o ON o.id = CASE WHEN s.from_id = ${incidentId}::uuid THEN s.into_id ELSE s.from_id END
    WHERE ${incidentId}::uuid IN (s.from_id, s.into_id) AND NOT EXISTS (SELECT FROM incident_unsplit u WHERE u.split_id = s.id)
    ORDER BY s.at DESC, s.id LIMIT ${SPLITS_SHOWN}::int`;
  return rows.map((row) => ({
    id: row.id,
    way: row.way,
    other: { id: row.other_id, number: incidentNumber(row.number) },
    person: row.person,
    at: iso(row.at),
    reason: row.reason,
    count: row.count,
    places: row.places,
    mayNotUndo: row.refusal === null ? null : unsplitRefusal(row.refusal).sentence,
  }));
}
