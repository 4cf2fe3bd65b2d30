import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { TrailEntryView, TrailPage } from "#lib/contracts/views.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { isTrailKind, trailSentence } from "#lib/trail/kinds.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";

/** `incident` is an id or a number; `actor` as it stands on the trail, or a person's id. */
export type TrailFilter = { incident?: string; kind?: string; actor?: string };

export const TRAIL_PAGE = 100;
const TRAIL_PAGE_MAX = 200;

type Row = {
  seq: bigint;
  at: Date;
  kind: string;
  actor: string;
  actor_name: string | null;
  role: string;
  incident_id: string | null;
  number: number | null;
  bytes: Uint8Array | null;
  leaf: Uint8Array;
  checkpoint: bigint | null;
};

/** The trail, newest first, by keyset; one statement. */
export async function listTrail(
  db: Db,
  filter: TrailFilter = {},
  cursor: string | null = null,
  limit = TRAIL_PAGE,
): Promise<TrailPage> {
  const size = Math.min(limit, TRAIL_PAGE_MAX);
  const conditions = conditionsOf(filter);
  if (cursor !== null) conditions.push(Prisma.sql`e.seq < ${seqOf(cursor)}::bigint`);
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.seq, e.at, e.kind, e.actor, coalesce(p.name, s.name) AS actor_name, e.role, e.incident_id, i.number,
           y.bytes, e.leaf, (SELECT min(c.size) FROM trail.checkpoint c WHERE c.size > e.seq) AS checkpoint
    FROM trail.entry e
    LEFT JOIN trail.payload y ON y.seq = e.seq
    LEFT JOIN incident i ON i.id = e.incident_id
    LEFT JOIN person p ON e.actor = 'person:' || p.id
    LEFT JOIN source s ON e.actor = 'source:' || s.id
    WHERE ${Prisma.join(conditions, " AND ")}
    ORDER BY e.seq DESC LIMIT ${size + 1}::int`;
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    entries: page.map(asEntry),
    nextCursor: rows.length > size && last ? encodeCursor(String(last.seq), "trail") : null,
  };
}

function conditionsOf({ incident, kind, actor }: TrailFilter): Prisma.Sql[] {
  const conditions = [Prisma.sql`true`];
  if (incident) conditions.push(Prisma.sql`e.incident_id = ${incidentCondition(incident)}`);
  if (kind) conditions.push(Prisma.sql`e.kind = ${kind}`);
  if (actor)
    conditions.push(Prisma.sql`e.actor = ${actor.includes(":") ? actor : `person:${actor}`}`);
  return conditions;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function incidentCondition(incident: string): Prisma.Sql {
  if (UUID.test(incident)) return Prisma.sql`${incident}::uuid`;
  const number = parseIncidentNumber(incident) ?? 0;
  return Prisma.sql`(SELECT id FROM incident WHERE number = ${Math.min(number, 2_147_483_647)}::int)`;
}

function seqOf(cursor: string): bigint {
  const { key } = decodeCursor(cursor);
  return /^\d{1,18}$/.test(key) ? BigInt(key) : 0n;
}

function asEntry(row: Row): TrailEntryView {
  const payload: unknown = row.bytes ? JSON.parse(Buffer.from(row.bytes).toString("utf8")) : null;
  return {
    seq: Number(row.seq),
    at: row.at.toISOString(),
    kind: row.kind,
    actor: row.actor,
    actorName: row.actor_name ?? row.actor.slice(row.actor.indexOf(":") + 1),
    role: row.role,
    incident: row.number === null ? row.incident_id : incidentNumber(row.number),
    sentence: isTrailKind(row.kind) ? trailSentence(row.kind, payload) : row.kind,
    payload,
    leaf: Buffer.from(row.leaf).toString("hex"),
    checkpoint: row.checkpoint === null ? null : Number(row.checkpoint),
  };
}
