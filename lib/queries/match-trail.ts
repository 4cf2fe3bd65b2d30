import { Prisma } from "#lib/db/generated/client.ts";
import { parseIncidentNumber } from "#lib/domain/incident/incident.ts";

/**
 * What is asked of the trail; all of it must fit. `seq` is the number of one entry; `incident` is an id or a number, of
 * what is filed under it and what was decided of it together with others; `actor` as it stands on the trail, or a person's id; `role` a database login; `from` and `to` ISO 8601 times, `to` not included; `model` the model's id, of
 * entries by it and about its runs; `prompt` as `name/version`.
 */
export type TrailFilter = {
  seq?: string;
  incident?: string;
  kinds?: readonly string[];
  actor?: string;
  role?: string;
  from?: string;
  to?: string;
  model?: string;
  prompt?: string;
};

const BIGINT_MAX = 9_223_372_036_854_775_807n;

/**
 * The numbers of the newest entries that fit, before `before`, at most `limit`: each filter has an index that yields its
 * entries in the order of the trail, and a time is a place in that order, since times on the trail never step back.
 */
export function matchingSeqs(
  filter: TrailFilter,
  before: bigint | null,
  limit: number,
): Prisma.Sql {
  const { kinds = [] } = filter;
  const ofModel = Boolean(filter.model ?? filter.prompt);
  const seq = ofModel ? Prisma.sql`m.seq` : Prisma.sql`e.seq`;
  const conditions = [...conditionsOf(filter), ...placesOf(filter, before, seq)];
  // One walk for each kind, each in its own index: a walk over all kinds together would have to sort them first, and
  // a walk for a kind that the planner is not told may as well go through the whole trail.
  if (kinds.length > 0 && !ofModel && !filter.incident) {
    const each = [...new Set(kinds)].map((kind) => Prisma.sql`e.kind = ${kind}`);
    return walks(each, conditions, limit);
  }
  if (kinds.length > 0) conditions.push(Prisma.sql`e.kind = ANY(${[...kinds]}::text[])`);
  if (filter.incident) {
    const incident = incidentCondition(filter.incident);
    const filed = Prisma.sql`e.incident_id = ${incident}`;
    if (!ofModel) return walks([filed, decidedTogether(incident)], conditions, limit);
    conditions.push(filed);
  }
  const from = ofModel
    ? Prisma.sql`trail.entry_model m JOIN trail.entry e ON e.seq = m.seq`
    : Prisma.sql`trail.entry e`;
  return Prisma.sql`SELECT e.seq FROM ${from} WHERE ${and(conditions)} ORDER BY ${seq} DESC LIMIT ${limit}::int`;
}

/** The newest entries of several walks that share no entry, each cut at the limit. */
function walks(each: readonly Prisma.Sql[], conditions: Prisma.Sql[], limit: number): Prisma.Sql {
  const found = each.map(
    (own) => Prisma.sql`(SELECT e.seq FROM trail.entry e
      WHERE ${and([own, ...conditions])} ORDER BY e.seq DESC LIMIT ${limit}::int)`,
  );
  return Prisma.sql`
    SELECT walk.seq FROM (${Prisma.join(found, " UNION ALL ")}) AS walk ORDER BY walk.seq DESC LIMIT ${limit}::int`;
}

/**
 * What was decided of the incident together with others: such a decision is filed under one of them, and names the rest
 * (docs/decisions/039). Its effect is filed under each.
 */
function decidedTogether(incident: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`e.seq = ANY (ARRAY(
    SELECT x.seq FROM decision_incident b
    JOIN decision d ON d.id = b.decision_id AND d.incident_id <> b.incident_id
    JOIN trail.entry x ON x.incident_id = d.incident_id AND x.kind LIKE 'decision.%' AND x.kind <> 'decision.took_effect'
    JOIN trail.payload z ON z.seq = x.seq
    WHERE b.incident_id = ${incident} AND convert_from(z.bytes, 'UTF8')::jsonb ->> 'decision' = d.id::text))`;
}

function conditionsOf({ seq, actor, role, model, prompt }: TrailFilter): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  if (seq) conditions.push(Prisma.sql`e.seq = ${BigInt(seq)}::bigint`);
  if (actor)
    conditions.push(Prisma.sql`e.actor = ${actor.includes(":") ? actor : `person:${actor}`}`);
  if (role) conditions.push(Prisma.sql`e.role = ${role}`);
  if (model) conditions.push(Prisma.sql`m.model = ${model}`);
  if (prompt) conditions.push(Prisma.sql`m.prompt = ${prompt}`);
  return conditions;
}

/** The filters that are places in the order of the trail. A time after the last entry is its end. */
function placesOf({ from, to }: TrailFilter, before: bigint | null, seq: Prisma.Sql): Prisma.Sql[] {
  const places: Prisma.Sql[] = [];
  if (before !== null) places.push(Prisma.sql`${seq} < ${before}::bigint`);
  if (from) places.push(Prisma.sql`${seq} >= ${firstAt(from)}`);
  if (to) places.push(Prisma.sql`${seq} < ${firstAt(to)}`);
  return places;
}

function firstAt(time: string): Prisma.Sql {
  return Prisma.sql`coalesce((SELECT t.seq FROM trail.entry t WHERE t.at >= ${time}::timestamptz
    ORDER BY t.at, t.seq LIMIT 1), ${BIGINT_MAX}::bigint)`;
}

function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], " AND ");
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function incidentCondition(incident: string): Prisma.Sql {
  if (UUID.test(incident)) return Prisma.sql`${incident}::uuid`;
  const number = parseIncidentNumber(incident) ?? 0;
  return Prisma.sql`(SELECT id FROM incident WHERE number = ${Math.min(number, 2_147_483_647)}::int)`;
}
