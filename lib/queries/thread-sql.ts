import type { ThreadFilter } from "#lib/contracts/thread-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { mergedInto } from "#lib/db/merged-into.ts";
import type { RecordKind, TimeQuality } from "#lib/domain/evidence/record.ts";
import { SEVERITIES, SEVERITY_RANK } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { likePattern } from "./shape.ts";

/** A place in the thread: the moment in microseconds, then what kind of line, then which one. */
export type Seek = { at: string; rank: number; key: string };
export type Direction = "after" | "before";

export const RANKS = { record: 0, note: 1, run: 2, decision: 3, sign_off: 4 } as const;

export type RecordRow = {
  at: string;
  id: string;
  position: number;
  kind: RecordKind;
  time: Date | null;
  time_quality: TimeQuality;
  received_at: Date;
  severity: Severity | null;
  title: string;
  source: string;
  host: string | null;
  user: string | null;
  instruction_like: number;
};

export type ActRow = {
  at: string;
  rank: number;
  id: string;
  time: Date;
  body: Record<string, unknown>;
};

const RECORD_KINDS = ["alert", "event", "incident"];
const MICROSECONDS = Prisma.raw(`'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`);

/** A field as one word: the first of several. */
function firstOf(field: "host" | "user"): Prisma.Sql {
  const name = Prisma.raw(`'${field}'`);
  return Prisma.sql`CASE jsonb_typeof(e.fields->${name}) WHEN 'array' THEN e.fields->${name}->>0 ELSE e.fields->>${name} END`;
}

/** What a line of the thread says of a record, of `evidence_item e` and `source s`. */
export const RECORD_COLUMNS = Prisma.sql`
  to_char(coalesce(e.time, e.received_at) AT TIME ZONE 'UTC', ${MICROSECONDS}) AS at,
  e.id, e.position, e.kind, e.time, e.time_quality, e.received_at, e.severity, e.title,
  e.instruction_like, s.name AS source, ${firstOf("host")} AS host, ${firstOf("user")} AS user`;

const POSITION = /^-?\d{1,9}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `2026-03-01T02:14:07.120000Z~0~12` */
export function seekText({ at, rank, key }: Seek): string {
  return `${at}~${rank}~${key}`;
}

export function parseSeek(text: string | null): Seek | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~([0-4])~([\w-]{1,40})$/.exec(text ?? "");
  if (!match) return null;
  const seek = { at: match[1]!, rank: Number(match[2]), key: match[3]! };
  const isOurs = seek.rank === RANKS.record ? POSITION.test(seek.key) : UUID.test(seek.key);
  return isOurs ? seek : null;
}

export function wantsRecords(filter: ThreadFilter): boolean {
  return !filter.kinds?.length || filter.kinds.some((kind) => RECORD_KINDS.includes(kind));
}

/** Filters by source, severity, entity, query and pin speak of records; with one set, nothing else is shown. */
export function wantsActs(filter: ThreadFilter): boolean {
  if (filter.sources?.length || filter.severity || filter.where !== undefined) return false;
  if (filter.entity !== undefined || filter.pinned) return false;
  return !filter.kinds?.length || filter.kinds.some((kind) => !RECORD_KINDS.includes(kind));
}

/** `positions`: the only records wanted, where a query or pins have chosen them; null means all. */
export type Chosen = { positions: number[] | null };

/** The records of one page, from `seek` on; reads the index evidence_item_thread_idx in order. */
export function recordsSql(
  incidentId: string,
  filter: ThreadFilter & Chosen,
  page: { seek: Seek | null; direction: Direction; limit: number },
): Prisma.Sql {
  const forward = page.direction === "after";
  const order = forward ? Prisma.raw("ASC") : Prisma.raw("DESC");
  return Prisma.sql`
    SELECT ${RECORD_COLUMNS}
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id = ${incidentId}::uuid
      ${recordPlace(page.seek, forward)}
      ${recordFilter(filter)}
    ORDER BY coalesce(e.time, e.received_at) ${order}, e.position ${order}
    LIMIT ${page.limit}`;
}

function recordPlace(seek: Seek | null, forward: boolean): Prisma.Sql {
  if (!seek) return Prisma.empty;
  const at = Prisma.sql`${seek.at}::timestamptz`;
  if (seek.rank === RANKS.record) {
    const key = Prisma.sql`${Number(seek.key)}::int`;
    return forward
      ? Prisma.sql`AND (coalesce(e.time, e.received_at), e.position) > (${at}, ${key})`
      : Prisma.sql`AND (coalesce(e.time, e.received_at), e.position) < (${at}, ${key})`;
  }
  // Records come before acts of the same moment.
  return forward
    ? Prisma.sql`AND coalesce(e.time, e.received_at) > ${at}`
    : Prisma.sql`AND coalesce(e.time, e.received_at) <= ${at}`;
}

/** The filter as conditions on `evidence_item e`; the incident and the place bound what they look at. */
export function recordFilter(filter: ThreadFilter & Chosen): Prisma.Sql {
  const parts: Prisma.Sql[] = [];
  const at = Prisma.sql`coalesce(e.time, e.received_at)`;
  if (filter.from) parts.push(Prisma.sql`AND ${at} >= ${filter.from}::timestamptz`);
  if (filter.to) parts.push(Prisma.sql`AND ${at} < ${filter.to}::timestamptz`);
  if (filter.entity) parts.push(Prisma.sql`AND e.observables @> ARRAY[${filter.entity}::text]`);
  if (filter.positions) parts.push(Prisma.sql`AND e.position = ANY(${filter.positions}::int[])`);
  if (filter.kinds?.length) parts.push(Prisma.sql`AND e.kind = ANY(${filter.kinds}::text[])`);
  if (filter.sources?.length) {
    parts.push(
      Prisma.sql`AND e.source_id IN (SELECT id FROM source WHERE name = ANY(${filter.sources}::text[]))`,
    );
  }
  if (filter.severity) {
    const least = SEVERITY_RANK[filter.severity];
    const enough = SEVERITIES.filter((severity) => SEVERITY_RANK[severity] >= least);
    parts.push(Prisma.sql`AND e.severity = ANY(${enough}::text[])`);
  }
  if (filter.q) {
    // the normal form is searched as JSON, in which a backslash is two
    const written = likePattern(JSON.stringify(filter.q).slice(1, -1));
    parts.push(
      Prisma.sql`AND (e.title ILIKE ${likePattern(filter.q)} OR e.fields::text ILIKE ${written})`,
    );
  }
  return parts.length > 0 ? Prisma.join(parts, " ") : Prisma.empty;
}

/** What people and processes did: notes, runs, decisions, sign-offs. */
export function actsSql(
  incidentId: string,
  filter: ThreadFilter,
  page: { seek: Seek | null; direction: Direction; limit: number },
): Prisma.Sql {
  const forward = page.direction === "after";
  const order = forward ? Prisma.raw("ASC") : Prisma.raw("DESC");
  const kinds = filter.kinds?.length ? filter.kinds : Object.keys(RANKS);
  const text = filter.q
    ? Prisma.sql`AND acts.body::text ILIKE ${likePattern(filter.q)}`
    : Prisma.empty;
  const id = Prisma.sql`${incidentId}::uuid`;
  const from = filter.from ? Prisma.sql`AND acts.at >= ${filter.from}::timestamptz` : Prisma.empty;
  const to = filter.to ? Prisma.sql`AND acts.at < ${filter.to}::timestamptz` : Prisma.empty;
  return Prisma.sql`
    SELECT to_char(acts.at AT TIME ZONE 'UTC', ${MICROSECONDS}) AS at,
           acts.rank, acts.id::text AS id, acts.at AS time, acts.body
    FROM (
      SELECT n.at, 1 AS rank, 'note' AS kind, n.id,
             json_build_object('person', person_view(p), 'text', n.text, 'noteKind', n.kind, 'draft', ${DRAFT},
               'handover', CASE WHEN h.id IS NOT NULL THEN json_build_object('to', t.name) END,
               'mergedFrom', CASE WHEN n.incident_id <> ${id} THEN (SELECT f.number FROM incident f WHERE f.id = n.incident_id) END) AS body
      FROM note n JOIN person p ON p.id = n.person_id LEFT JOIN model_run r ON r.id = n.draft_run_id
      LEFT JOIN handover h ON h.note_id = n.id LEFT JOIN person t ON t.id = h.to_id
      WHERE n.incident_id IN (${mergedInto(incidentId)})
      UNION ALL
      SELECT r.started_at, 2, 'run', r.id,
             json_build_object('runKind', r.kind, 'model', r.model, 'state', r.state, 'error', r.error)
      FROM model_run r WHERE r.incident_id = ${id}
      UNION ALL
      SELECT d.proposed_at, 3, 'decision', d.id,
             json_build_object('kind', d.kind, 'state', d.state, 'breakGlass', d.break_glass, 'by', person_view(p))
      FROM decision d JOIN person p ON p.id = d.proposer_id WHERE ${decisionOf(id)}
      UNION ALL
      SELECT s.at, 4, 'sign_off', s.id,
             json_build_object('decisionId', d.id, 'kind', d.kind, 'outcome', s.outcome, 'breakGlass', d.break_glass, 'by', person_view(p))
      FROM sign_off s JOIN decision d ON d.id = s.decision_id JOIN person p ON p.id = s.person_id
      WHERE ${decisionOf(id)}
    ) acts
    WHERE acts.kind = ANY(${kinds}::text[]) ${actPlace(page.seek, forward)} ${from} ${to} ${text}
    ORDER BY acts.at ${order}, acts.rank ${order}, acts.id ${order}
    LIMIT ${page.limit}`;
}

/** A decision of this incident, alone or among others. */
function decisionOf(id: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(d.incident_id = ${id} OR d.id IN (SELECT m.decision_id FROM decision_incident m WHERE m.incident_id = ${id}))`;
}

/** Of which draft a note was made, and whether it still says just that: the claims of the draft, one a line. */
const DRAFT = Prisma.sql`
  CASE WHEN r.id IS NOT NULL THEN json_build_object('runId', r.id, 'model', coalesce(r.model_answered, r.model),
    'edited', n.text IS DISTINCT FROM (
      SELECT btrim(string_agg(e.data->>'text', E'\n' ORDER BY e.seq)) FROM run_event e
      WHERE e.run_id = r.id AND e.kind = 'claim')) END`;

function actPlace(seek: Seek | null, forward: boolean): Prisma.Sql {
  if (!seek) return Prisma.empty;
  const at = Prisma.sql`${seek.at}::timestamptz`;
  if (seek.rank === RANKS.record) {
    return forward ? Prisma.sql`AND acts.at >= ${at}` : Prisma.sql`AND acts.at < ${at}`;
  }
  const place = Prisma.sql`(${at}, ${seek.rank}::int, ${seek.key}::uuid)`;
  return forward
    ? Prisma.sql`AND (acts.at, acts.rank, acts.id) > ${place}`
    : Prisma.sql`AND (acts.at, acts.rank, acts.id) < ${place}`;
}
