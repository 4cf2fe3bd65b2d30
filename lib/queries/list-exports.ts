import type { ExportPage, ExportView } from "#lib/contracts/export-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ExportFormat, ExportState } from "#lib/domain/trail/export.ts";
import type { BundleScope, Withheld } from "#lib/trail/bundle/manifest.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

const PAGE = 50;

export type ExportFilter = { personId?: string | undefined; state?: ExportState | undefined };

type Row = {
  id: string;
  by: PersonView;
  format: ExportFormat;
  scope: BundleScope;
  scope_person: string | null;
  withheld: Withheld;
  state: ExportState;
  done: bigint;
  total: bigint | null;
  file_name: string | null;
  bytes: bigint | null;
  sha256: string | null;
  reason: string | null;
  asked_at: Date;
  asked_key: string;
  started_at: Date | null;
  ended_at: Date | null;
  expires_at: Date | null;
};

/** Exports of the trail, newest first, by keyset. What is past its time reads as expired before its file is gone. */
export async function listExports(
  db: Db,
  { personId, state }: ExportFilter = {},
  cursor: string | null = null,
  limit = PAGE,
): Promise<ExportPage> {
  const conditions = [
    personId === undefined ? Prisma.sql`true` : Prisma.sql`x.person_id = ${personId}::uuid`,
    state === undefined ? Prisma.sql`true` : Prisma.sql`x.state = ${state}`,
    before(cursor),
  ];
  const rows = await readFrom(
    cursor,
    () => db.$queryRaw<Row[]>`
      SELECT x.id, person_view(p) AS by, x.format, x.scope, q.name AS scope_person, x.withheld,
        CASE WHEN x.state = 'ready' AND x.expires_at <= now() THEN 'expired' ELSE x.state END AS state,
        x.done, x.total, x.file_name, x.bytes, encode(x.sha256, 'hex') AS sha256, x.reason,
        x.asked_at, x.asked_at::text AS asked_key, x.started_at, x.ended_at, x.expires_at
      FROM trail.audit_export x JOIN person p ON p.id = x.person_id
        LEFT JOIN person q ON q.id = (x.scope ->> 'person')::uuid
      WHERE ${Prisma.join(conditions, " AND ")} ORDER BY x.asked_at DESC, x.id DESC LIMIT ${limit + 1}::int`,
  );
  const last = rows[limit - 1];
  return {
    exports: rows.slice(0, limit).map(asView),
    nextCursor: rows.length > limit && last ? encodeCursor(last.asked_key, last.id) : null,
  };
}

function before(cursor: string | null): Prisma.Sql {
  if (cursor === null) return Prisma.sql`true`;
  const { key, id } = decodeCursor(cursor);
  return Prisma.sql`(x.asked_at, x.id) < (${key}::timestamptz, ${id}::uuid)`;
}

function asView(row: Row): ExportView {
  const { id, by, format, scope, withheld, state, sha256, reason } = row;
  return {
    ...{ id, by, format, scope, withheld, state, sha256, reason },
    scopePerson: row.scope_person,
    done: Number(row.done),
    total: row.total === null ? null : Number(row.total),
    fileName: row.file_name,
    bytes: row.bytes === null ? null : Number(row.bytes),
    askedAt: iso(row.asked_at),
    startedAt: row.started_at && iso(row.started_at),
    endedAt: row.ended_at && iso(row.ended_at),
    expiresAt: row.expires_at && iso(row.expires_at),
  };
}
