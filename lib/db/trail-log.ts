import type pg from "pg";
import type { CosignatureStore, StampStore, TrailLog } from "#lib/trail/log.ts";

type EntryRow = { seq: string; line: string; leaf: string };
type CheckpointRow = { size: string; root: Buffer; note: string };

/** The trail in Postgres, as the login `countersign_signer` may use it: read entries, add checkpoints. */
export function pgTrailLog(pool: pg.Pool): TrailLog {
  return {
    async read(seq, limit) {
      const { rows } = await pool.query<EntryRow>(
        "select seq, line, encode(leaf, 'hex') as leaf from trail.entry where seq >= $1 order by seq limit $2",
        [seq, limit],
      );
      return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    },
    async last() {
      const { rows } = await pool.query<CheckpointRow>(
        "select size, root, note from trail.checkpoint order by size desc limit 1",
      );
      const [row] = rows;
      return row ? { ...row, size: Number(row.size) } : null;
    },
    async save({ size, root, note }) {
      await pool.query(
        `insert into trail.checkpoint (size, root, note) select $1, $2, $3
          where not exists (select from trail.checkpoint where size >= $1)`,
        [size, root, note],
      );
    },
  };
}

/** The cosignatures of witnesses in Postgres, as the same login may add them. */
export function pgCosignatures(pool: pg.Pool): CosignatureStore {
  return {
    async has(size, witness) {
      const { rowCount } = await pool.query(
        "select from trail.cosignature where size = $1 and witness = $2",
        [size, witness],
      );
      return rowCount === 1;
    },
    async save({ size, witness, line, at }) {
      await pool.query(
        `insert into trail.cosignature (size, witness, line, signed_at)
          values ($1, $2, $3, to_timestamp($4)) on conflict do nothing`,
        [size, witness, line, at],
      );
    },
  };
}

/** The time-stamp tokens over checkpoints, as the same login may add them. */
export function pgStamps(pool: pg.Pool): StampStore {
  return {
    async last() {
      const { rows } = await pool.query<{ size: string; at: Date }>(
        "select size, stamped_at as at from trail.timestamp_token order by size desc limit 1",
      );
      const [row] = rows;
      return row ? { size: Number(row.size), at: row.at.getTime() } : null;
    },
    async save({ size, token, at }) {
      await pool.query(
        "insert into trail.timestamp_token (size, token, stamped_at) values ($1, $2, $3)",
        [size, token, new Date(at)],
      );
    },
  };
}

/** Puts the change of the log's key on the trail, once; gives the entry's number. Both are C2SP verifier keys. */
export async function tellRotation(pool: pg.Pool, from: string, to: string): Promise<number> {
  const { rows } = await pool.query<{ seq: string }>("select trail.rotate_key($1, $2) as seq", [
    from,
    to,
  ]);
  return Number(rows[0]?.seq);
}
