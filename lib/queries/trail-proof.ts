import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { inclusionFromNodes, type ReadNodes } from "#lib/trail/nodes.ts";
import type { Hash, NodeId } from "#lib/trail/tree.ts";
import { writeTlogProof } from "#lib/trail/tlog-proof.ts";

export type TrailProof =
  | { state: "sealed"; text: string; incidentId: string | null }
  /** No checkpoint covers the entry yet. */
  | { state: "pending" }
  | { state: "missing" };

type Where = { line: string; incident_id: string | null; size: bigint | null; note: string | null };
type NodeRow = { level: number; index: bigint; hash: Uint8Array };

/**
 * The C2SP tlog-proof of entry `seq` under the newest checkpoint that covers it; with its line, which `extra` holds then,
 * it is checked with the log's key alone.
 */
export async function trailProof(
  db: Db,
  seq: number,
  { hasLine = false }: { hasLine?: boolean } = {},
): Promise<TrailProof> {
  const [found] = await db.$queryRaw<Where[]>`
    SELECT e.line, e.incident_id, c.size, c.note
    FROM trail.entry e LEFT JOIN LATERAL (
      SELECT k.size, k.note || coalesce((SELECT string_agg(w.line, '' ORDER BY w.witness) FROM trail.cosignature w WHERE w.size = k.size), '') AS note
      FROM trail.checkpoint k WHERE k.size > ${seq}::bigint ORDER BY k.size DESC LIMIT 1) c ON true
    WHERE e.seq = ${seq}::bigint`;
  if (!found) return { state: "missing" };
  const { line, size, note, incident_id: incidentId } = found;
  if (size === null || note === null) return { state: "pending" };
  const hashes = await inclusionFromNodes(seq, Number(size), nodeReader(db));
  const proof = { index: seq, hashes, checkpoint: note };
  const extra = hasLine ? { extra: Buffer.from(line) } : {};
  return { state: "sealed", text: writeTlogProof({ ...proof, ...extra }), incidentId };
}

/** Throws Problem `entry_not_found`, or `entry_not_sealed` while no checkpoint covers the entry. */
export function sealedProof(proof: TrailProof): Extract<TrailProof, { state: "sealed" }> {
  switch (proof.state) {
    case "missing":
      throw new Problem("entry_not_found", 404, "There is no such entry on the trail.");
    case "pending":
      throw new Problem(
        "entry_not_sealed",
        409,
        "No checkpoint covers this entry yet; ask again in a minute.",
      );
    case "sealed":
      return proof;
  }
}

/** Reads nodes of the tree as the database keeps them, all that one proof needs in one statement. */
export function nodeReader(db: Pick<Db, "$queryRaw">): ReadNodes {
  return async (ids) => {
    const stored = await readNodes(db, ids);
    return (id) => {
      const hash = stored(id);
      if (!hash) throw new Error(`The tree of the trail lacks node ${id.level}/${id.index}.`);
      return hash;
    };
  };
}

/** The stored hash of each of these nodes, of level 0 the leaf; null where there is none. */
export async function readNodes(
  db: Pick<Db, "$queryRaw">,
  ids: readonly NodeId[],
): Promise<(id: NodeId) => Hash | null> {
  const leaves = ids.filter(({ level }) => level === 0).map(({ index }) => index);
  const inner = ids.filter(({ level }) => level > 0);
  const rows = await db.$queryRaw<NodeRow[]>`
    SELECT 0 AS level, seq AS index, leaf AS hash FROM trail.entry WHERE seq = ANY(${leaves}::bigint[])
    UNION ALL
    SELECT n.level, n.index, n.hash
    FROM unnest(${inner.map(({ level }) => level)}::smallint[], ${inner.map(({ index }) => index)}::bigint[]) AS w (level, index)
    JOIN trail.node n ON n.level = w.level AND n.index = w.index`;
  const found = new Map(
    rows.map(({ level, index, hash }) => [`${level}/${index}`, Buffer.from(hash)]),
  );
  return ({ level, index }) => found.get(`${level}/${index}`) ?? null;
}
