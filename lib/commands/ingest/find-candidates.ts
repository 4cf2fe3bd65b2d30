import { Prisma } from "#lib/db/generated/client.ts";
import type { Tx } from "#lib/db/prisma.ts";
import type { CandidateIncident } from "#lib/domain/alert/correlate.ts";
import { isUbiquitous, LINK_CAPS, linkKey, reachOf, UBIQUITY } from "#lib/domain/alert/rules.ts";
import type { Linkable, LinkType } from "#lib/domain/alert/rules.ts";
import type { PreparedRecord } from "./prepare.ts";
import { ruleOf } from "./rule-of.ts";

export type Candidates = {
  incidents: CandidateIncident[];
  alertHomes: Map<string, string>;
  namedBy: Map<string, string>;
  ubiquitous: Set<string>;
};

type HitRow = {
  type: LinkType;
  value: string;
  seen: number;
  links: [incidentId: string, firstMs: number, lastMs: number][];
};

type IncidentRow = {
  id: string;
  number: number;
  source_key: string | null;
  keyed: boolean;
  closed: boolean;
  untouched: boolean;
  alert_count: number;
  event_count: number;
};

/** How many incidents are read for one value; a value on more of the newest ones is ubiquitous anyway. */
const INCIDENTS_PER_VALUE = Math.ceil(UBIQUITY.newestIncidents * UBIQUITY.share) + 1;
const VALUES_PER_BATCH = 20_000;

/** Everything stored that this batch may meet. Bounded work: a value reads at most 101 incidents. */
export async function findCandidates(
  tx: Tx,
  sourceId: string,
  requestKey: string | null,
  records: readonly PreparedRecord[],
): Promise<Candidates> {
  const keys = sourceKeys(requestKey, records);
  const viaKey = await incidentsOfKeys(tx, sourceId, keys);
  if (requestKey !== null) {
    const incidents = await readIncidents(tx, sourceId, viaKey, new Map());
    return { incidents, alertHomes: new Map(), namedBy: new Map(), ubiquitous: new Set() };
  }
  const alertHomes = await homesOfNamedAlerts(tx, sourceId, records);
  const namedBy = await rowsThatName(tx, sourceId, records);
  const { hits, ubiquitous } = await sharedValues(tx, sourceId, records);
  for (const id of [...alertHomes.values(), ...namedBy.values()])
    if (!hits.has(id)) hits.set(id, []);
  return {
    incidents: await readIncidents(tx, sourceId, viaKey, hits),
    alertHomes,
    namedBy,
    ubiquitous,
  };
}

function sourceKeys(requestKey: string | null, records: readonly PreparedRecord[]): string[] {
  if (requestKey !== null) return [requestKey];
  return [...new Set(records.flatMap(({ record }) => record.sourceIncidentId ?? []))];
}

/** The incidents of these keys; a merged one stands for its survivor. Survivor's id -> keys, its own or theirs. */
async function incidentsOfKeys(
  tx: Tx,
  sourceId: string,
  keys: string[],
): Promise<Map<string, string[]>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; source_key: string }[]>`
    WITH RECURSIVE way AS (
      SELECT id, merged_into_id, source_key FROM incident
      WHERE source_id = ${sourceId}::uuid AND source_key = ANY(${keys}::text[])
      UNION ALL
      SELECT i.id, i.merged_into_id, way.source_key FROM way JOIN incident i ON i.id = way.merged_into_id
    )
    SELECT id, source_key FROM way WHERE merged_into_id IS NULL ORDER BY source_key`;
  const keysOf = new Map<string, string[]>();
  for (const row of rows) push(keysOf, row.id, row.source_key);
  return keysOf;
}

async function homesOfNamedAlerts(
  tx: Tx,
  sourceId: string,
  records: readonly PreparedRecord[],
): Promise<Map<string, string>> {
  const alertIds = [...new Set(records.flatMap(({ record }) => record.alertIds))];
  if (alertIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ record_key: string; incident_id: string }[]>`
    SELECT record_key, incident_id FROM evidence_item
    WHERE source_id = ${sourceId}::uuid AND record_key = ANY(${alertIds}::text[]) AND incident_id IS NOT NULL`;
  return new Map(rows.map((row) => [row.record_key, row.incident_id]));
}

/** A source-incident row keeps the alerts it names among its observables, as `alert:<record key>`. */
export function alertMarker(recordKey: string): string {
  return `alert:${recordKey}`;
}

async function rowsThatName(
  tx: Tx,
  sourceId: string,
  records: readonly PreparedRecord[],
): Promise<Map<string, string>> {
  const keys = records
    .filter(({ record }) => record.kind === "alert")
    .map(({ recordKey }) => recordKey);
  if (keys.length === 0) return new Map();
  const markers = keys.map(alertMarker);
  const rows = await tx.$queryRaw<{ incident_id: string; observables: string[] }[]>`
    SELECT incident_id, observables FROM evidence_item
    WHERE kind = 'incident' AND observables && ${markers}::text[]
      AND source_id = ${sourceId}::uuid AND incident_id IS NOT NULL
    LIMIT 1000`;
  const byMarker = new Map(
    rows.flatMap((row) => row.observables.map((marker) => [marker, row.incident_id])),
  );
  return new Map(
    keys.flatMap((key) => {
      const incidentId = byMarker.get(alertMarker(key));
      return incidentId ? [[key, incidentId] as const] : [];
    }),
  );
}

async function sharedValues(
  tx: Tx,
  sourceId: string,
  records: readonly PreparedRecord[],
): Promise<{ hits: Map<string, CandidateIncident["hits"]>; ubiquitous: Set<string> }> {
  const hits = new Map<string, CandidateIncident["hits"]>();
  const ubiquitous = new Set<string>();
  const values = linkingValues(sourceId, records);
  const newest = await newestIncidents(tx);
  if (values.length === 0 || newest.count === 0) return { hits, ubiquitous };
  for (const row of await readHits(tx, values, newest.boundary)) {
    if (isUbiquitous(row.seen, newest.count)) ubiquitous.add(linkKey(row));
    else
      for (const [id, first, last] of row.links)
        push(hits, id, { type: row.type, value: row.value, first, last });
  }
  return { hits, ubiquitous };
}

function linkingValues(sourceId: string, records: readonly PreparedRecord[]): Linkable[] {
  const values = new Map<string, Linkable>();
  for (const prepared of records) {
    const rule = ruleOf(sourceId, prepared);
    if (rule !== null)
      values.set(linkKey({ type: "rule", value: rule }), { type: "rule", value: rule });
    for (const observable of prepared.observables.slice(0, LINK_CAPS.keysPerRecord)) {
      if (reachOf(observable) !== "none") values.set(linkKey(observable), observable);
    }
    if (values.size >= VALUES_PER_BATCH) break;
  }
  return [...values.values()];
}

async function newestIncidents(tx: Tx): Promise<{ boundary: string; count: number }> {
  const rows = await tx.$queryRaw<{ boundary: string | null; count: number }[]>`
    SELECT (array_agg(id ORDER BY id))[1] AS boundary, count(*)::int AS count
    FROM (SELECT id FROM incident ORDER BY id DESC LIMIT ${UBIQUITY.newestIncidents}::int) newest`;
  return { boundary: rows[0]?.boundary ?? "", count: rows[0]?.count ?? 0 };
}

function readHits(tx: Tx, values: Linkable[], boundary: string): Promise<HitRow[]> {
  const types = values.map(({ type }) => type);
  const texts = values.map(({ value }) => value);
  return tx.$queryRaw<HitRow[]>`
    SELECT w.type, w.value, s.seen, coalesce(l.links, '[]'::jsonb) AS links
    FROM unnest(${types}::text[], ${texts}::text[]) AS w(type, value)
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE o.incident_id >= ${boundary}::uuid)::int AS seen
      FROM (SELECT incident_id FROM incident_observable o
            WHERE o.type = w.type AND o.value = w.value
            ORDER BY incident_id DESC LIMIT ${INCIDENTS_PER_VALUE}::int) o
    ) s
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(k.incident_id,
               (extract(epoch FROM k.first_at) * 1000)::bigint,
               (extract(epoch FROM k.last_at) * 1000)::bigint)) AS links
      FROM (SELECT incident_id, first_at, last_at FROM incident_link k
            WHERE k.type = w.type AND k.value = w.value
            ORDER BY incident_id DESC LIMIT ${INCIDENTS_PER_VALUE}::int) k
    ) l
    WHERE s.seen > 0 OR l.links IS NOT NULL`;
}

/** Nobody has worked on the incident `i`. `gate.check_merge` holds every merge to the same. */
const UNTOUCHED = Prisma.sql`i.status = 'new' AND i.assignee_id IS NULL AND i.verdict IS NULL
             AND NOT EXISTS (SELECT FROM note n WHERE n.incident_id = i.id)
             AND NOT EXISTS (SELECT FROM incident_task t WHERE t.incident_id = i.id)
             AND NOT EXISTS (SELECT FROM unnest(i.source_names) n WHERE lower(n) LIKE 'by hand: %')
             AND NOT EXISTS (SELECT FROM incident_split x WHERE x.from_id = i.id OR x.into_id = i.id)
             AND NOT EXISTS (SELECT FROM decision d WHERE d.incident_id = i.id)
             AND NOT EXISTS (SELECT FROM claim_review r WHERE r.incident_id = i.id)
             AND NOT EXISTS (SELECT FROM automation_stop a WHERE a.incident_id = i.id)
             AND NOT EXISTS (SELECT FROM automatic_act a WHERE a.incident_id = i.id AND a.action <> 'collect_artifacts')`;

/** Whether nobody has worked on any of these; asked again once they are locked. */
export async function areUntouched(tx: Tx, ids: string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const rows = await tx.$queryRaw<{ all: boolean }[]>`
    SELECT coalesce(bool_and(${UNTOUCHED}), true) AS all FROM incident i WHERE i.id = ANY(${ids}::uuid[])`;
  return rows[0]?.all === true;
}

async function readIncidents(
  tx: Tx,
  sourceId: string,
  viaKey: Map<string, string[]>,
  hits: Map<string, CandidateIncident["hits"]>,
): Promise<CandidateIncident[]> {
  const ids = [...new Set([...viaKey.keys(), ...hits.keys()])];
  if (ids.length === 0) return [];
  const rows = await tx.$queryRaw<IncidentRow[]>`
    SELECT i.id, i.number, CASE WHEN i.source_id = ${sourceId}::uuid THEN i.source_key END AS source_key,
           i.source_key IS NOT NULL AS keyed, i.status = 'closed' AS closed, i.alert_count, i.event_count,
           ${UNTOUCHED} AS untouched
    FROM incident i WHERE i.id = ANY(${ids}::uuid[]) AND i.merged_into_id IS NULL`;
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    sourceKey: row.source_key ?? viaKey.get(row.id)?.[0] ?? null,
    sourceKeys: viaKey.get(row.id) ?? [],
    keyed: row.keyed || viaKey.has(row.id),
    closed: row.closed,
    untouched: row.untouched,
    alertCount: row.alert_count,
    eventCount: row.event_count,
    hits: hits.get(row.id) ?? [],
  }));
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
