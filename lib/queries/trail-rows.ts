import type { Db } from "#lib/db/prisma.ts";
import type { Prisma } from "#lib/db/generated/client.ts";
import type { ExportedEntry } from "#lib/trail/line.ts";

const STEP = 1_000;

export type TrailRow = { seq: number; kind: string } & ExportedEntry;
type Row = {
  seq: bigint;
  kind: string;
  line: string;
  leaf: string;
  salt: string;
  payload: Uint8Array;
};

/**
 * Entries of the trail with seq below `end` for which `condition` holds (over `e`, a row of trail.entry), oldest first.
 * Reads in steps, so memory does not grow.
 */
export async function* trailRows(
  db: Db,
  { condition, end }: { condition: Prisma.Sql; end: number },
): AsyncGenerator<TrailRow> {
  for (let from = 0; ;) {
    const rows = await db.$queryRaw<Row[]>`
      SELECT e.seq, e.kind, e.line, encode(e.leaf, 'hex') AS leaf, encode(y.salt, 'hex') AS salt, y.bytes AS payload
      FROM trail.entry e JOIN trail.payload y ON y.seq = e.seq
      WHERE ${condition} AND e.seq >= ${from}::bigint AND e.seq < ${end}::bigint
      ORDER BY e.seq LIMIT ${STEP}::int`;
    for (const { seq, kind, line, leaf, salt, payload } of rows)
      yield { seq: Number(seq), kind, line, leaf, salt, payload: payloadText(payload) };
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return;
    from = Number(last.seq) + 1;
  }
}

/** The one place where exports read what an entry tells. */
function payloadText(stored: Uint8Array): string {
  return Buffer.from(stored).toString("utf8");
}

/** How many entries the trail has now. */
export async function trailSize(db: Db): Promise<number> {
  const heads = await db.$queryRaw<{ size: bigint }[]>`SELECT size FROM trail.head`;
  return Number(heads[0]?.size ?? 0);
}
