import type { SourceHealthView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import {
  clockSkew,
  GAP_INTERVALS,
  GAP_SECONDS_MIN,
  isSilent,
  refusedShare,
  type Stretch,
  USUAL_DAYS,
  USUAL_RECORDS_MIN,
} from "#lib/domain/evidence/source-health.ts";
import { iso } from "./shape.ts";

/** Records of the incident that are looked at, the latest ones for the clocks, and where counting stops. */
const RECORDS_MAX = 50_000;
const SOURCES_MAX = 100;
const GAPS_MAX = 5;
const DELAYS_MAX = 2_000;
const COUNT_MAX = 10_000;
/** A request's dead letters and its records are not dated to the same instant. */
const SAME_REQUEST_MS = 60_000;

/**
 * How complete and fresh each source is as the incident sees it, worst first: those with records in it, and those
 * that are connected and fell silent. What each figure means stands in lib/domain/evidence/source-health.ts. Refusals
 * are the dead letters received while the incident's records were, of all that the source sent in that time. Three
 * statements, each bounded.
 */
export async function sourceHealth(db: Db, incidentId: string): Promise<SourceHealthView[]> {
  const [present, quiet] = await Promise.all([
    readPresent(db, incidentId),
    readQuiet(db, incidentId),
  ]);
  if (present.length === 0) return [];
  const refusals = await readRefusals(db, present);
  const refused = new Map(refusals.map((row) => [row.source_id, row]));
  const heard = present.map((row): SourceHealthView => {
    const { refused: n = 0, taken = 0 } = refused.get(row.source_id) ?? {};
    return {
      sourceId: row.source_id,
      source: row.name,
      records: row.records,
      firstAt: iso(row.first_at),
      lastAt: iso(row.last_at),
      gaps: row.gaps,
      refused: n,
      refusedShare: refusedShare(n, taken),
      clockSkewSeconds: clockSkew(row.delays),
      silent: false,
    };
  });
  // a source whose records here have no time is not silent
  const here = new Set(present.map((row) => row.source_id));
  const silent = quiet.filter((row) => !here.has(row.source_id));
  return [...silent.map(asSilent), ...heard].toSorted(byWorst);
}

/** The connected sources that deliver in general and fell silent while the incident went on, by name. */
export async function silentSources(db: Db, incidentId: string): Promise<{ name: string }[]> {
  return (await readQuiet(db, incidentId)).map(({ name }) => ({ name }));
}

type PresentRow = {
  source_id: string;
  name: string;
  records: number;
  first_at: Date | null;
  last_at: Date | null;
  gaps: Stretch[];
  /** Seconds from a record's own time to its receipt, of the incident's latest ones whose time is exact. */
  delays: number[];
  received_from: Date;
  received_to: Date;
};

function readPresent(db: Db, incidentId: string): Promise<PresentRow[]> {
  return db.$queryRaw<PresentRow[]>`
    WITH r AS (
      SELECT e.source_id, time, lag(time) OVER (PARTITION BY e.source_id ORDER BY time) AS before,
             received_at,
             CASE WHEN time_quality = 'exact' AND position > least(i.evidence_count, ${RECORDS_MAX}::int) - ${DELAYS_MAX}::int
                  THEN extract(epoch FROM received_at - time)::float8 END AS delay
      FROM incident i JOIN evidence_item e ON e.incident_id = i.id
      WHERE i.id = ${incidentId}::uuid AND e.position <= ${RECORDS_MAX}::int
    ), s AS (
      SELECT source_id, count(*)::int AS records, count(time) AS timed, min(time) AS first_at, max(time) AS last_at,
             percentile_disc(0.5) WITHIN GROUP (ORDER BY time - before) AS usual,
             coalesce(array_agg(delay) FILTER (WHERE delay IS NOT NULL), '{}') AS delays,
             min(received_at) AS received_from, max(received_at) AS received_to
      FROM r GROUP BY source_id
    ), pause AS MATERIALIZED (
      SELECT source_id, before, time FROM r WHERE time - before > make_interval(secs => ${GAP_SECONDS_MIN}::int)
    )
    SELECT s.source_id, n.name, s.records, s.first_at, s.last_at, s.delays, s.received_from, s.received_to,
           coalesce((SELECT jsonb_agg(jsonb_build_object(
                       'from', to_char(g.before AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                       'to', to_char(g.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                       'seconds', round(extract(epoch FROM g.time - g.before))::bigint) ORDER BY g.time - g.before DESC, g.before)
                     FROM (SELECT before, time FROM pause p
                           WHERE p.source_id = s.source_id AND s.timed >= ${USUAL_RECORDS_MIN}::int
                             AND time - before > s.usual * ${GAP_INTERVALS}::int
                           ORDER BY time - before DESC, before LIMIT ${GAPS_MAX}::int) g), '[]') AS gaps
    FROM s JOIN source n ON n.id = s.source_id AND n.person_id IS NULL
    ORDER BY n.name LIMIT ${SOURCES_MAX}::int`;
}

type RefusalRow = { source_id: string; refused: number; taken: number };

/** Of sources that were refused something while any of these records were received: most never are. */
function readRefusals(db: Db, present: PresentRow[]): Promise<RefusalRow[]> {
  const since = new Date(Math.min(...present.map((row) => +row.received_from)) - SAME_REQUEST_MS);
  const until = new Date(Math.max(...present.map((row) => +row.received_to)) + SAME_REQUEST_MS);
  return db.$queryRaw<RefusalRow[]>`
    SELECT r.source_id, r.refused, (SELECT count(*)::int FROM (
             SELECT FROM evidence_item e WHERE e.source_id = r.source_id AND e.received_at BETWEEN ${since} AND ${until}
             LIMIT ${COUNT_MAX}::int) n) AS taken
    FROM (SELECT s.id AS source_id, (SELECT count(*)::int FROM (
            SELECT FROM dead_letter d WHERE d.source_id = s.id AND d.received_at BETWEEN ${since} AND ${until}
            LIMIT ${COUNT_MAX}::int) n) AS refused
          FROM unnest(${present.map((row) => row.source_id)}::uuid[]) AS s (id)) r
    WHERE r.refused > 0`;
}

type QuietRow = {
  source_id: string;
  name: string;
  recent: number;
  last_before: Date | null;
  until: Date;
};

/** Connected sources without a record of any incident, or of none, between this incident's first and last. */
async function readQuiet(db: Db, incidentId: string): Promise<QuietRow[]> {
  const rows = await db.$queryRaw<QuietRow[]>`
    SELECT s.id AS source_id, s.name, b.last_before,
           coalesce((SELECT min(e.time) FROM evidence_item e WHERE e.source_id = s.id AND e.time > i.last_evidence_at),
                    i.last_evidence_at) AS until,
           (SELECT count(*)::int FROM (
              SELECT FROM evidence_item e WHERE e.source_id = s.id AND e.time < i.first_evidence_at
                AND e.time >= i.first_evidence_at - make_interval(days => ${USUAL_DAYS}::int)
              LIMIT ${COUNT_MAX}::int) n) AS recent
    FROM incident i
    JOIN source s ON s.active AND s.token_sha256 IS NOT NULL
    CROSS JOIN LATERAL (SELECT max(e.time) AS last_before FROM evidence_item e
                        WHERE e.source_id = s.id AND e.time < i.first_evidence_at) b
    WHERE i.id = ${incidentId}::uuid AND b.last_before IS NOT NULL
      AND NOT EXISTS (SELECT FROM evidence_item e
                      WHERE e.source_id = s.id AND e.time BETWEEN i.first_evidence_at AND i.last_evidence_at)
    ORDER BY s.name LIMIT ${SOURCES_MAX}::int`;
  return rows.filter((row) => isQuiet(row));
}

function isQuiet({ recent, last_before: lastBefore, until }: QuietRow): boolean {
  return isSilent({ recentCount: recent, lastBefore: iso(lastBefore), until: iso(until) });
}

/** `lastAt` is when it was last heard of, before the incident. */
function asSilent({ source_id: sourceId, name, last_before: lastAt }: QuietRow): SourceHealthView {
  return {
    sourceId,
    source: name,
    records: 0,
    firstAt: null,
    lastAt: iso(lastAt),
    gaps: [],
    refused: 0,
    refusedShare: 0,
    clockSkewSeconds: null,
    silent: true,
  };
}

function byWorst(a: SourceHealthView, b: SourceHealthView): number {
  return (
    Number(b.silent) - Number(a.silent) ||
    b.refusedShare - a.refusedShare ||
    (b.gaps[0]?.seconds ?? 0) - (a.gaps[0]?.seconds ?? 0) ||
    (a.source < b.source ? -1 : 1)
  );
}
