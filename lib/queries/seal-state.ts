import type { Db } from "#lib/db/prisma.ts";
import type { SealView } from "#lib/contracts/views.ts";
import { hex, iso } from "./shape.ts";

type Row = {
  size: bigint;
  sealed: bigint | null;
  root: Uint8Array | null;
  at: Date | null;
  waiting_since: Date | null;
  witness: string | null;
  witnessed: bigint | null;
  witnessed_at: Date | null;
  stamped: bigint | null;
  stamped_at: Date | null;
  frozen_at: Date | null;
};

const NOTHING: SealView = {
  size: 0,
  sealedSize: 0,
  root: null,
  sealedAt: null,
  waitingSince: null,
  frozenAt: null,
  witness: null,
  timeStamp: null,
};

/** How much of the trail stands under the last signed checkpoint, since when the rest waits, and what others say of it. */
export async function sealState(db: Db): Promise<SealView> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT h.size, c.size AS sealed, c.root, c.at, e.at AS waiting_since,
           w.witness, w.size AS witnessed, w.signed_at AS witnessed_at,
           t.size AS stamped, t.stamped_at,
           (SELECT max(f.at) FROM trail.log_freeze f WHERE NOT EXISTS (SELECT FROM trail.log_origin o WHERE o.frozen = f.seq)) AS frozen_at
    FROM trail.head h
    LEFT JOIN LATERAL (SELECT * FROM trail.checkpoint ORDER BY size DESC LIMIT 1) c ON true
    LEFT JOIN trail.entry e ON e.seq = coalesce(c.size, 0)
    LEFT JOIN LATERAL (SELECT * FROM trail.cosignature ORDER BY size DESC LIMIT 1) w ON true
    LEFT JOIN LATERAL (SELECT * FROM trail.timestamp_token ORDER BY size DESC LIMIT 1) t ON true`;
  const row = rows[0];
  if (!row) return NOTHING;
  return {
    size: Number(row.size),
    sealedSize: Number(row.sealed ?? 0n),
    root: row.root ? hex(row.root) : null,
    sealedAt: iso(row.at),
    waitingSince: iso(row.waiting_since),
    frozenAt: iso(row.frozen_at),
    witness:
      row.witness !== null && row.witnessed_at !== null
        ? { name: row.witness, size: Number(row.witnessed), at: iso(row.witnessed_at) }
        : null,
    timeStamp:
      row.stamped_at === null ? null : { size: Number(row.stamped), at: iso(row.stamped_at) },
  };
}
