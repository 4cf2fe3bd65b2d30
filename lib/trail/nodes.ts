import { HASH_BYTES, nodeHash, sha256, type Hash, type NodeId } from "./tree.ts";

/**
 * Proofs from the hashes of complete subtrees (`trail.node`), for a log of any size: they read a few dozen hashes where
 * `proof.ts` reads every leaf.
 */

/** Gives each of these nodes; throws when one is missing. One call is one proof. */
export type ReadNodes = (ids: readonly NodeId[]) => Promise<(id: NodeId) => Hash>;

/** The leaves from `start` up to, not including, `end`; `start` is where a subtree of that length may begin. */
type Range = { start: number; end: number };

/** The root of the tree over the first `size` leaves. */
export async function rootFromNodes(size: number, read: ReadNodes): Promise<Hash> {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError("root: no such size");
  if (size === 0) return sha256();
  const [hash] = await hashRanges([{ start: 0, end: size }], read);
  return hash!;
}

/** The hashes that lead from leaf `index` to the root of the first `size` leaves (RFC 6962 2.1.1). */
export async function inclusionFromNodes(
  index: number,
  size: number,
  read: ReadNodes,
): Promise<Hash[]> {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError("inclusion proof: no such leaf");
  }
  const beside: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const split = start + splitPoint(end - start);
    beside.push(index < split ? { start: split, end } : { start, end: split });
    [start, end] = index < split ? [start, split] : [split, end];
  }
  return hashRanges(beside.toReversed(), read);
}

/** The hashes that show the first `oldSize` leaves to be the start of the first `newSize` (RFC 6962 2.1.2). */
export async function consistencyFromNodes(
  oldSize: number,
  newSize: number,
  read: ReadNodes,
): Promise<Hash[]> {
  if (!Number.isSafeInteger(newSize) || oldSize < 1 || oldSize > newSize) {
    throw new RangeError("consistency proof: no such size");
  }
  const steps: Range[] = [];
  let [start, end] = [0, newSize];
  while (end !== oldSize) {
    const split = start + splitPoint(end - start);
    steps.push(oldSize <= split ? { start: split, end } : { start, end: split });
    [start, end] = oldSize <= split ? [start, split] : [split, end];
  }
  // a verifier has the old root itself when the old tree is whole on the way to the new one
  if (start > 0) steps.push({ start, end });
  return hashRanges(steps.toReversed(), read);
}

/** All nodes of all ranges in one reading. */
async function hashRanges(ranges: Range[], read: ReadNodes): Promise<Hash[]> {
  const parts = ranges.map(completeParts);
  const hashOf = await read(parts.flat());
  return parts.map((ids) => {
    const hashes = ids.map(hashOf);
    for (const hash of hashes) {
      if (hash.length !== HASH_BYTES) throw new RangeError("nodes: a hash has 32 bytes");
    }
    return hashes.reduceRight((right, left) => nodeHash(left, right));
  });
}

/** The complete subtrees that make up a range, biggest first. */
function completeParts({ start, end }: Range): NodeId[] {
  const ids: NodeId[] = [];
  for (let at = start; at < end;) {
    let level = 0;
    while (at + 2 ** (level + 1) <= end) level += 1;
    ids.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return ids;
}

/** The largest power of two below `n`. */
function splitPoint(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}
