import type { Db } from "#lib/db/prisma.ts";
import type { ActivityView } from "#lib/contracts/views.ts";

const SLICES = 120;

type Row = { slice: number; records: number; alerts: number; first: Date; last: Date };

/** Histograms kept by a process, the oldest going first. */
const KEPT = 500;
const kept = new Map<string, ActivityView>();

/**
 * Records of an incident over its time in equal slices, those with alerts counted apart. Records never
 * change, and what goes to another incident adds to the count, so the histogram over so many of them is computed once; from the index of the thread alone.
 */
export async function incidentActivity(
  db: Db,
  { id, evidenceCount }: { id: string; evidenceCount: number },
): Promise<ActivityView> {
  const key = `${id}:${evidenceCount}`;
  const known = kept.get(key);
  if (known) return known;
  const activity = await readActivity(db, id);
  const records = activity.slices.reduce((sum, slice) => sum + slice.records, 0);
  // more had come by the time it was read, or some have no time, which the next reading tells no better
  if (records > evidenceCount) return activity;
  kept.set(key, activity);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return activity;
}

async function readActivity(db: Db, incidentId: string): Promise<ActivityView> {
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
