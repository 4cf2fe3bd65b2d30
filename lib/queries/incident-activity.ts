import type { Db } from "#lib/db/prisma.ts";

/** Records of an incident over its time; slices without records are left out. */
export type IncidentActivity = {
  from: string | null;
  to: string | null;
  sliceSeconds: number;
  slices: { at: string; alerts: number; events: number }[];
};

const SLICES = 120;

type Row = { slice: number; alerts: number; events: number; first: Date; last: Date };

export async function incidentActivity(db: Db, incidentId: string): Promise<IncidentActivity> {
  const rows = await db.$queryRaw<Row[]>`
    WITH span AS (
      SELECT first_evidence_at AS first, last_evidence_at AS last,
             greatest(1, ceil(extract(epoch FROM last_evidence_at - first_evidence_at) / ${SLICES}::int))::int AS seconds
      FROM incident WHERE id = ${incidentId}::uuid
    )
    SELECT floor(extract(epoch FROM e.time - span.first) / span.seconds)::int AS slice,
           (count(*) FILTER (WHERE e.kind <> 'event'))::int AS alerts,
           (count(*) FILTER (WHERE e.kind = 'event'))::int AS events, span.first, span.last
    FROM evidence_item e, span
    WHERE e.incident_id = ${incidentId}::uuid AND e.time IS NOT NULL
    GROUP BY slice, span.first, span.last ORDER BY slice`;
  const [first] = rows;
  if (!first) return { from: null, to: null, sliceSeconds: 1, slices: [] };
  const start = first.first.getTime();
  const sliceSeconds = Math.max(1, Math.ceil((first.last.getTime() - start) / 1000 / SLICES));
  return {
    from: first.first.toISOString(),
    to: first.last.toISOString(),
    sliceSeconds,
    slices: rows.map(({ slice, alerts, events }) => ({
      at: new Date(start + slice * sliceSeconds * 1000).toISOString(),
      alerts,
      events,
    })),
  };
}
