import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { LooseRecordsPage } from "#lib/contracts/views.ts";
import { refang } from "#lib/domain/evidence/refang.ts";
import { OBSERVABLE_TYPES, observableKey } from "#lib/domain/evidence/record.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { iso, likePattern } from "./shape.ts";

const PAGE = 100;

type Row = {
  id: string;
  kind: RecordKind;
  format: string;
  source: string;
  time: Date | null;
  received_at: Date;
  received_key: string;
  title: string;
};

/**
 * Records that joined no incident, newest first, by keyset. `q` is a part of the title or the exact
 * value of an observable, defanged or not.
 */
export async function listLooseRecords(
  db: Db,
  filter: { q?: string },
  cursor: string | null,
  limit = PAGE,
): Promise<LooseRecordsPage> {
  const after = cursor === null ? Prisma.empty : place(cursor);
  const matching = filter.q ? Prisma.sql`AND ${match(filter.q)}` : Prisma.empty;
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.id, e.kind, e.format, s.name AS source, e.time, e.received_at,
           e.received_at::text AS received_key, e.title
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id IS NULL ${after} ${matching}
    ORDER BY e.received_at DESC, e.id DESC LIMIT ${limit + 1}::int`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    records: page.map((row) => ({
      id: row.id,
      kind: row.kind,
      format: row.format,
      source: row.source,
      time: iso(row.time),
      receivedAt: iso(row.received_at),
      title: row.title,
    })),
    nextCursor: rows.length > limit && last ? encodeCursor(last.received_key, last.id) : null,
  };
}

function place(cursor: string): Prisma.Sql {
  const { key, id } = decodeCursor(cursor);
  return Prisma.sql`AND (e.received_at, e.id) < (${key}::timestamptz, ${id}::uuid)`;
}

function match(q: string): Prisma.Sql {
  const value = refang(q);
  const keys = OBSERVABLE_TYPES.map((type) => observableKey({ type, value }));
  return Prisma.sql`(e.observables && ${keys}::text[] OR e.title ILIKE ${likePattern(q)})`;
}
