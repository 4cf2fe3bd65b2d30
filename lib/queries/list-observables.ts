import type { Db } from "#lib/db/prisma.ts";
import type { ObservableView } from "#lib/contracts/views.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { iso } from "./shape.ts";

type Row = {
  type: string;
  value: string;
  count: number;
  specific: boolean;
  first_at: Date | null;
  last_at: Date | null;
  elsewhere: { number: number; id: string }[] | null;
  elsewhere_count: number;
};

/** Of an incident with more values, the specific and the frequent ones are shown. */
export const OBSERVABLES_MAX = 300;
/** Counting other incidents stops here. */
const ELSEWHERE_MAX = 100;

/** What was seen in the incident, and where else; one statement. */
export async function listObservables(db: Db, incidentId: string): Promise<ObservableView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT o.type, o.value, o.count, o.specific, o.first_at, o.last_at, e.elsewhere, e.elsewhere_count
    FROM (SELECT * FROM incident_observable WHERE incident_id = ${incidentId}::uuid
          ORDER BY specific DESC, count DESC, type, value LIMIT ${OBSERVABLES_MAX}::int) o
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS elsewhere_count,
             (jsonb_agg(jsonb_build_object('number', n.number, 'id', n.id) ORDER BY n.id DESC)
               FILTER (WHERE n.nth <= 5)) AS elsewhere
      FROM (SELECT i.id, i.number, row_number() OVER (ORDER BY x.incident_id DESC) AS nth
            FROM incident_observable x JOIN incident i ON i.id = x.incident_id
            WHERE x.type = o.type AND x.value = o.value AND x.incident_id <> o.incident_id AND i.merged_into_id IS NULL
            ORDER BY x.incident_id DESC LIMIT ${ELSEWHERE_MAX}::int) n
    ) e
    ORDER BY o.specific DESC, o.count DESC, o.type, o.value`;
  return rows.map((row) => ({
    type: row.type,
    value: row.value,
    count: row.count,
    specific: row.specific,
    firstAt: iso(row.first_at),
    lastAt: iso(row.last_at),
    elsewhere: (row.elsewhere ?? []).map(({ number, id }) => ({
      number: incidentNumber(number),
      id,
    })),
    elsewhereCount: row.elsewhere_count,
  }));
}
