import type { Db } from "#lib/db/prisma.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange } from "#lib/trail/tree.ts";

const PAGE = 10_000;

type Row = { id: string; position: number; sha256: Uint8Array };

/**
 * Are the first `count` records of an incident the very ones that `root` (32 bytes, RFC 6962) was made over? Their bytes
 * are digested anew: a stored digest would be altered along with them. What went to another incident since is read
 * there, and stands here at its place.
 */
export async function evidenceStands(
  db: Db,
  incidentId: string,
  { count, root }: { count: number; root: Uint8Array },
): Promise<boolean> {
  const range = new CompactRange();
  for (let from = 0; from < count; from += PAGE) {
    const rows = await db.$queryRaw<Row[]>`
      SELECT id, position, sha256(raw) AS sha256 FROM evidence_leaf
      WHERE incident_id = ${incidentId}::uuid AND position > ${from}::int AND position <= ${Math.min(from + PAGE, count)}::int
      ORDER BY position`;
    for (const { id, position, sha256 } of rows)
      range.append(evidenceLeaf({ id, sha256 }, position));
  }
  return range.size === count && range.root().equals(root);
}
