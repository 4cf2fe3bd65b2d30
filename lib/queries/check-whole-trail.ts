import type { Db } from "#lib/db/prisma.ts";
import { fsck } from "#lib/trail/fsck.ts";
import type {
  FsckCheckpoint,
  FsckEntry,
  FsckLink,
  FsckLog,
  FsckResult,
  FsckWatch,
} from "#lib/trail/fsck.ts";
import { readNodes } from "./trail-proof.ts";
import { STEP_BYTES } from "./trail-rows.ts";

type EntryRow = Omit<FsckEntry, "seq" | "payload" | "erased"> & {
  seq: bigint;
  payload: Uint8Array | null;
  erased_by: bigint | null;
  is_erasure: boolean | null;
};
type CheckpointRow = { size: bigint; root: Uint8Array; note: string };
type LinkRow = Omit<FsckLink, "seq" | "head"> & {
  seq: bigint;
  head_size: bigint | null;
  head_leaf: string | null;
};

const FIRST_INCIDENT = "00000000-0000-0000-0000-000000000000";

/** Makes the whole trail of this database anew from its bytes and compares. */
export function checkWholeTrail(
  db: Pick<Db, "$queryRaw">,
  watch?: FsckWatch,
): Promise<FsckResult[]> {
  return fsck(fsckLog(db), watch);
}

/**
 * The trail in Postgres for `fsck`. Each reading is a statement of its own, so that nothing is held meanwhile. A piece is
 * cut before payloads are joined to it: joined first, they are read from entry 0 on for each piece. It is cut by their
 * bytes before they are opened.
 */
function fsckLog(db: Pick<Db, "$queryRaw">): FsckLog {
  return {
    async head() {
      const [row] = await db.$queryRaw<{ size: bigint; leaf: string }[]>`
        SELECT size, encode(prev, 'hex') AS leaf FROM trail.head`;
      return { size: Number(row!.size), leaf: row!.leaf };
    },
    async entries(from, end, limit) {
      const rows = await db.$queryRaw<EntryRow[]>`
        WITH piece AS MATERIALIZED (SELECT * FROM trail.entry
          WHERE seq >= ${from}::bigint AND seq < ${end}::bigint ORDER BY seq LIMIT ${limit}::int),
        sized AS MATERIALIZED (SELECT p.*, coalesce(sum(y.stored_bytes)
            OVER (ORDER BY p.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
          FROM piece p LEFT JOIN trail.payload y ON y.seq = p.seq)
        SELECT e.seq, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, e.kind, e.actor, e.role,
          e.incident_id::text AS incident, e.line, encode(e.leaf, 'hex') AS leaf, encode(y.salt, 'hex') AS salt, y.bytes AS payload,
          y.erased_by, (x.kind = 'payload.erased' AND x.incident_id = e.incident_id AND x.seq > e.seq) AS is_erasure
        FROM sized e LEFT JOIN trail.payload y ON y.seq = e.seq LEFT JOIN trail.entry x ON x.seq = y.erased_by
        WHERE e.before < ${STEP_BYTES}::bigint ORDER BY e.seq`;
      return rows.map(({ erased_by, is_erasure, ...row }) => ({
        ...row,
        erased: erased_by === null ? null : { by: Number(erased_by), isNamed: is_erasure === true },
        seq: Number(row.seq),
        payload: row.payload && Buffer.from(row.payload).toString("utf8"),
      }));
    },
    nodes: (ids) => readNodes(db, ids),
    async nodeCount(end) {
      const [row] = await db.$queryRaw<{ count: bigint }[]>`
        SELECT count(*) FROM trail.node
        WHERE index < ${end}::bigint >> level::int OR index >= (SELECT size FROM trail.head) >> level::int`;
      return Number(row!.count);
    },
    checkpoints: (after, end, limit) => checkpoints(db, { after, end, limit }),
    links: (after, end, limit) => links(db, { after, end, limit }),
  };
}

type Piece<T> = { after: T; end: number; limit: number };

async function checkpoints(
  db: Pick<Db, "$queryRaw">,
  { after, end, limit }: Piece<number>,
): Promise<FsckCheckpoint[]> {
  const rows = await db.$queryRaw<CheckpointRow[]>`
    SELECT size, root, note FROM trail.checkpoint
    WHERE size > ${after}::bigint AND size <= ${end}::bigint ORDER BY size LIMIT ${limit}::int`;
  return rows.map(({ size, root, note }) => ({
    size: Number(size),
    root: Buffer.from(root),
    note,
  }));
}

async function links(
  db: Pick<Db, "$queryRaw">,
  { after, end, limit }: Piece<FsckLink | null>,
): Promise<FsckLink[]> {
  const rows = await db.$queryRaw<LinkRow[]>`
    SELECT e.incident_id::text AS incident, e.seq, e.line, encode(e.leaf, 'hex') AS leaf,
      h.size AS head_size, encode(h.prev, 'hex') AS head_leaf
    FROM trail.entry e LEFT JOIN trail.incident_head h ON h.incident_id = e.incident_id
    WHERE (e.incident_id, e.seq) > (${after?.incident ?? FIRST_INCIDENT}::uuid, ${after?.seq ?? -1}::bigint)
      AND e.seq < ${end}::bigint
    ORDER BY e.incident_id, e.seq LIMIT ${limit}::int`;
  return rows.map(({ incident, seq, line, leaf, head_size, head_leaf }) => ({
    incident,
    seq: Number(seq),
    line,
    leaf,
    head:
      head_size === null || head_leaf === null
        ? null
        : { size: Number(head_size), leaf: head_leaf },
  }));
}
