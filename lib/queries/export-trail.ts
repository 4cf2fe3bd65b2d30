import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { exportLine } from "#lib/trail/line.ts";
import type { ErasedEntry, ExportedEntry } from "#lib/trail/line.ts";

const EXPORT_STEP = 1_000;

type Row = {
  seq: bigint;
  line: string;
  leaf: string;
  salt: string;
  payload: Uint8Array | null;
  erased_by: bigint | null;
};

/**
 * The trail as JSONL, one entry a line without its line end, of one incident or of everything, oldest first.
 * Reads in steps, so memory does not grow; ends with the entries there were when it began.
 */
export async function* exportTrail(
  db: Db,
  { incidentId }: { incidentId?: string } = {},
): AsyncGenerator<string> {
  const heads = await db.$queryRaw<{ size: bigint }[]>`SELECT size FROM trail.head`;
  const end = heads[0]?.size ?? 0n;
  const ofIncident = incidentId
    ? Prisma.sql`e.incident_id = ${incidentId}::uuid`
    : Prisma.sql`true`;
  for (let from = 0n; ;) {
    const rows = await db.$queryRaw<Row[]>`
      SELECT e.seq, e.line, encode(e.leaf, 'hex') AS leaf, encode(y.salt, 'hex') AS salt, y.bytes AS payload, y.erased_by
      FROM trail.entry e JOIN trail.payload y ON y.seq = e.seq
      WHERE ${ofIncident} AND e.seq >= ${from}::bigint AND e.seq < ${end}::bigint
      ORDER BY e.seq LIMIT ${EXPORT_STEP}::int`;
    yield* rows.map((row) => exportLine(exported(row)));
    const last = rows.at(-1);
    if (!last || rows.length < EXPORT_STEP) return;
    from = last.seq + 1n;
  }
}

function exported({ line, leaf, salt, payload, erased_by }: Row): ExportedEntry | ErasedEntry {
  if (erased_by !== null) return { line, leaf, erasedBy: Number(erased_by) };
  // What cannot be opened is given as nothing, so that a verifier names its entry.
  return { line, leaf, salt, payload: Buffer.from(payload ?? []).toString("utf8") };
}
