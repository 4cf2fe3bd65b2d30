import type { Db } from "#lib/db/prisma.ts";
import type { ActivityView } from "#lib/contracts/views.ts";

const SLICES = 120;

type Row = { slice: number; records: number; alerts: number; first: Date; last: Date };

/** Records of an incident over its time in equal slices, those with alerts counted apart. */
export async function incidentActivity(db: Db, incidentId: string): Promise<ActivityView> {
  const rows = await db.$queryRaw<Row[]>`
    WITH span AS (
      SELECT first_evidence_at AS first, last_evidence_at AS last,
             greatest(extract(epoch FROM last_evidence_at - first_evidence_at), 1) AS seconds
      FROM incident WHERE id = ${incidentId}::uuid
    )
    SELECT least(floor(extract(epoch FROM e.time - span.first) / span.seconds * ${SLICES}::int), ${SLICES - 1}::int)::int AS slice,
           count(*)::int AS records, (count(*) FILTER (WHERE e.kind <> 'event'))::int AS alerts, span.first, span.last
    FROM evidence_item e, span
    WHERE e.incident_id = ${incidentId}::uuid AND e.time IS NOT NULL
    GROUP BY slice, span.first, span.last ORDER BY slice`;
  const [any] = rows;
  if (!any) return { from: null, to: null, slices: [] };
  const slices = Array.from({ length: SLICES }, () => ({ records: 0, alerts: 0 }));
  for (const { slice, records, alerts } of rows) slices[Math.max(0, slice)] = { records, alerts };
  return { from: any.first.toISOString(), to: any.last.toISOString(), slices };
}
