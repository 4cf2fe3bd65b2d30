import type { HeldPasskeyPage } from "#lib/contracts/passkey-view.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

type Row = {
  id: string;
  name: string;
  enrolled_at: Date;
  place: string;
  last_used_at: Date | null;
  revoked_at: Date | null;
  person: PersonView;
};

/** A page of everybody's passkeys, revoked ones too, the newest first. Throws Problem 400 (cursor_invalid). */
export async function listHeldPasskeys(
  db: Db,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<HeldPasskeyPage> {
  const rows = await readFrom(
    cursor,
    () => db.$queryRaw<Row[]>`
    SELECT k.id, k.name, k.enrolled_at, to_char(k.enrolled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place,
           k.last_used_at, k.revoked_at, person_view(p) AS person
    FROM passkey k JOIN person p ON p.id = k.person_id
    WHERE ${after(cursor)} ORDER BY k.enrolled_at DESC, k.id DESC LIMIT ${limit + 1}::int`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    passkeys: page.map((row) => ({
      id: row.id,
      name: row.name,
      person: row.person,
      enrolledAt: iso(row.enrolled_at),
      lastUsedAt: iso(row.last_used_at),
      revokedAt: iso(row.revoked_at),
    })),
    nextCursor: rows.length > page.length && last ? encodeCursor(last.place, last.id) : null,
  };
}

function after(cursor: string | null): Prisma.Sql {
  if (cursor === null) return Prisma.sql`true`;
  const { key, id } = decodeCursor(cursor);
  return Prisma.sql`(k.enrolled_at, k.id) < (${key}::timestamptz, ${id}::uuid)`;
}
