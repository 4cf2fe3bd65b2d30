import type { Db } from "#lib/db/prisma.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { consistencyFromNodes } from "#lib/trail/nodes.ts";
import { nodeReader } from "./trail-proof.ts";

/** So many checkpoints before the bundle's, the newest ones, and the last of each day before them (UTC). */
const NEWEST_MAX = 2_000;

/**
 * One line of canonical JSON for each earlier checkpoint that an auditor may hold: its size, and the proof that the log
 * of `size` entries begins with it (RFC 6962 2.1.2). `also` are sizes that must be among them.
 */
export async function* consistencyLines(
  db: Db,
  { size, also }: { size: number; also: readonly number[] },
): AsyncGenerator<string> {
  const rows = await db.$queryRaw<{ size: bigint }[]>`
    (SELECT c.size FROM trail.checkpoint c WHERE c.size < ${size}::bigint ORDER BY c.size DESC LIMIT ${NEWEST_MAX}::int)
    UNION
    SELECT max(c.size) FROM trail.checkpoint c WHERE c.size < ${size}::bigint GROUP BY (c.at AT TIME ZONE 'UTC')::date
    UNION
    SELECT w.size FROM unnest(${[...also]}::bigint[]) AS w (size) WHERE w.size < ${size}::bigint
    ORDER BY size`;
  const read = nodeReader(db);
  for (const row of rows) {
    const older = Number(row.size);
    const proof = await consistencyFromNodes(older, size, read);
    yield canonicalJson({ proof: proof.map((hash) => hash.toString("base64")), size: older });
  }
}

/** A token and what was stamped: the signer's note of that size. */
export type HeldStamp = { size: number; token: Uint8Array; note: string };

/**
 * The first time stamp over the entry `last`, which bounds its time most closely, else the newest there is; none over
 * more than `size` entries.
 */
export async function heldStamp(
  db: Db,
  { size, last }: { size: number; last: number },
): Promise<HeldStamp | null> {
  const [row] = await db.$queryRaw<{ size: bigint; token: Uint8Array; note: string }[]>`
    SELECT t.size, t.token, c.note FROM trail.timestamp_token t JOIN trail.checkpoint c USING (size)
    WHERE t.size <= ${size}::bigint
    ORDER BY t.size > ${last}::bigint DESC, abs(t.size - ${last}::bigint) LIMIT 1`;
  return row ? { ...row, size: Number(row.size) } : null;
}
