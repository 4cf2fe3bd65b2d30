import type { Db } from "#lib/db/prisma.ts";
import type { SealView } from "#lib/contracts/views.ts";
import { hex, iso } from "./shape.ts";

type Row = { size: bigint; sealed: bigint | null; root: Uint8Array | null; at: Date | null };

/** How much of the trail stands under the last signed checkpoint. */
export async function sealState(db: Db): Promise<SealView> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT h.size, c.size AS sealed, c.root, c.at
    FROM trail.head h LEFT JOIN LATERAL (SELECT * FROM trail.checkpoint ORDER BY size DESC LIMIT 1) c ON true`;
  const row = rows[0];
  if (!row) return { size: 0, sealedSize: 0, root: null, sealedAt: null };
  return {
    size: Number(row.size),
    sealedSize: Number(row.sealed ?? 0n),
    root: row.root ? hex(row.root) : null,
    sealedAt: iso(row.at),
  };
}
