import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type {
  TrailEntryView,
  TrailPage,
  TrailRowsPage,
  TrailRowView,
} from "#lib/contracts/trail-views.ts";
import { aboutOf } from "#lib/domain/trail/about.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { isTrailKind } from "#lib/trail/kinds.ts";
import { trailSentence } from "#lib/trail/sentences.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { matchingSeqs } from "./match-trail.ts";
import type { TrailFilter } from "./match-trail.ts";
import { payloadOf } from "./trail-payload.ts";

export const TRAIL_PAGE = 100;
const ROWS_PAGE = 30;
const TRAIL_PAGE_MAX = 200;
/** Where counting stops: "1,000+". */
export const TRAIL_COUNT_MAX = 1_000;

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
  erased_by: bigint | null;
  line: string;
  leaf: Uint8Array;
  sealed_size: bigint | null;
  sealed_at: Date | null;
};

/** The trail, newest first, by keyset; one statement. Counted once, with the first page. */
export async function listTrail(
  db: Db,
  filter: TrailFilter = {},
  cursor: string | null = null,
  limit = TRAIL_PAGE,
): Promise<TrailPage> {
  const size = Math.min(limit, TRAIL_PAGE_MAX);
  const before = cursor === null ? null : seqOf(cursor);
  const count =
    cursor === null
      ? Prisma.sql`(SELECT count(*) FROM (${matchingSeqs(filter, null, TRAIL_COUNT_MAX + 1)}) AS counted)`
      : Prisma.sql`NULL::bigint`;
  const rows = await db.$queryRaw<(Row & { total: bigint | null })[]>`
    SELECT e.seq, e.at, e.kind, e.actor, coalesce(p.name, s.name) AS actor_name, e.role, e.incident_id, i.number,
           y.bytes, y.erased_by, e.line, e.leaf, c.size AS sealed_size, c.at AS sealed_at, ${count} AS total
    FROM (${matchingSeqs(filter, before, size + 1)}) AS found
    JOIN trail.entry e ON e.seq = found.seq
    LEFT JOIN trail.payload y ON y.seq = e.seq
    LEFT JOIN incident i ON i.id = e.incident_id
    LEFT JOIN person p ON e.actor = 'person:' || p.id
    LEFT JOIN source s ON e.actor = 'source:' || s.id
    LEFT JOIN LATERAL (SELECT size, at FROM trail.checkpoint WHERE size > e.seq ORDER BY size LIMIT 1) c ON true
    ORDER BY e.seq DESC`;
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    entries: page.map(asEntry),
    nextCursor: rows.length > size && last ? encodeCursor(String(last.seq), "trail") : null,
    count: cursor === null ? Number(rows[0]?.total ?? 0n) : null,
  };
}

/** What the screen shows of as many; a line and a payload are several times as much, and few are opened. */
export async function listTrailRows(
  db: Db,
  filter: TrailFilter = {},
  cursor: string | null = null,
  limit = ROWS_PAGE,
): Promise<TrailRowsPage> {
  const { entries, ...page } = await listTrail(db, filter, cursor, limit);
  return { ...page, entries: entries.map(asRow) };
}

/** One entry in full; null when there is none of that number. */
export async function findEntry(db: Db, seq: number): Promise<TrailEntryView | null> {
  return (await listTrail(db, { seq: String(seq) }, null, 1)).entries[0] ?? null;
}

function asRow(entry: TrailEntryView): TrailRowView {
  const { seq, at, kind, actor, actorName, role, incident, sentence, erasedBy } = entry;
  const about = aboutOf(entry);
  return { seq, at, kind, actor, actorName, role, incident, sentence, erasedBy, about };
}

function seqOf(cursor: string): bigint {
  const { key } = decodeCursor(cursor);
  return /^\d{1,18}$/.test(key) ? BigInt(key) : 0n;
}

function asEntry(row: Row): TrailEntryView {
  const payload = payloadOf(row.bytes);
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
    erasedBy: row.erased_by === null ? null : Number(row.erased_by),
    line: row.line,
    leaf: Buffer.from(row.leaf).toString("hex"),
    sealed:
      row.sealed_size === null || row.sealed_at === null
        ? null
        : { size: Number(row.sealed_size), at: row.sealed_at.toISOString() },
  };
}
