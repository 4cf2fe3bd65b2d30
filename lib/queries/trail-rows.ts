import type { Db } from "#lib/db/prisma.ts";
import type { Prisma } from "#lib/db/generated/client.ts";

const STEP = 1_000;
/** Stored bytes of payloads that one step through the trail holds, and one payload more. */
export const STEP_BYTES = 16 * 2 ** 20;

/** An entry as it is stored; `payload` and `salt` are null when it was erased by the entry `erasedBy`. */
export type TrailRow = { seq: number; kind: string; line: string; leaf: string } & (
  | { erasedBy: null; payload: string; salt: string }
  | { erasedBy: number; payload: null; salt: null }
);
type Row = {
  seq: bigint;
  kind: string;
  line: string;
  leaf: string;
  salt: string;
  payload: Uint8Array | null;
  erased_by: bigint | null;
  has_payload: boolean;
  /** The last entry of the step before it was cut by bytes. */
  last: bigint;
};

/**
 * Entries of the trail with seq below `end` for which `condition` holds (over `e`, a row of trail.entry), oldest first.
 * Reads in steps, so memory does not grow; a step is cut before payloads are joined to it, which are else read from
 * entry 0 on for each, and cut by their bytes before they are opened.
 */
export async function* trailRows(
  db: Db,
  { condition, end }: { condition: Prisma.Sql; end: number },
): AsyncGenerator<TrailRow> {
  for (let from = 0; ;) {
    const rows = await db.$queryRaw<Row[]>`
      WITH piece AS MATERIALIZED (SELECT e.seq, e.kind, e.line, e.leaf FROM trail.entry e
        WHERE ${condition} AND e.seq >= ${from}::bigint AND e.seq < ${end}::bigint
        ORDER BY e.seq LIMIT ${STEP}::int),
      sized AS MATERIALIZED (SELECT p.*, coalesce(sum(y.stored_bytes)
          OVER (ORDER BY p.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM piece p LEFT JOIN trail.payload y ON y.seq = p.seq)
      SELECT e.seq, e.kind, e.line, encode(e.leaf, 'hex') AS leaf, encode(y.salt, 'hex') AS salt, y.bytes AS payload, y.erased_by,
        y.seq IS NOT NULL AS has_payload, (SELECT max(p.seq) FROM piece p) AS last
      FROM sized e LEFT JOIN trail.payload y ON y.seq = e.seq WHERE e.before < ${STEP_BYTES}::bigint ORDER BY e.seq`;
    yield* rows.filter(({ has_payload }) => has_payload).map(trailRow);
    const last = rows.at(-1);
    if (!last || (last.seq === last.last && rows.length < STEP)) return;
    from = Number(last.seq) + 1;
  }
}

function trailRow({ seq, kind, line, leaf, salt, payload, erased_by }: Row): TrailRow {
  const entry = { seq: Number(seq), kind, line, leaf };
  if (erased_by !== null)
    return { ...entry, erasedBy: Number(erased_by), payload: null, salt: null };
  // What cannot be opened is given as nothing, so that a verifier names its entry.
  return { ...entry, erasedBy: null, salt, payload: Buffer.from(payload ?? []).toString("utf8") };
}

/** How many entries the trail has now. */
export async function trailSize(db: Db): Promise<number> {
  const heads = await db.$queryRaw<{ size: bigint }[]>`SELECT size FROM trail.head`;
  return Number(heads[0]?.size ?? 0);
}
