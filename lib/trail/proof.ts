import { nodeHash, root, type Hash } from "./tree.ts";

/** The hashes that lead from leaf `index` to the root (RFC 6962 2.1.1). */
export function inclusionProof(index: number, leaves: readonly Hash[]): Hash[] {
  if (index < 0 || index >= leaves.length) throw new RangeError("inclusion proof: no such leaf");
  if (leaves.length === 1) return [];
  const split = splitPoint(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  if (index < split) return [...inclusionProof(index, left), root(right)];
  return [...inclusionProof(index - split, right), root(left)];
}

/** The hashes that show the tree of the first `size` leaves to be the start of this one (RFC 6962 2.1.2). */
export function consistencyProof(size: number, leaves: readonly Hash[]): Hash[] {
  if (size < 1 || size > leaves.length) throw new RangeError("consistency proof: no such size");
  return consistencySteps(size, leaves, true);
}

function consistencySteps(size: number, leaves: readonly Hash[], isWhole: boolean): Hash[] {
  if (size === leaves.length) return isWhole ? [] : [root(leaves)];
  const split = splitPoint(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  if (size <= split) return [...consistencySteps(size, left, isWhole), root(right)];
  return [...consistencySteps(size - split, right, false), root(left)];
}

export type InclusionClaim = {
  index: number;
  size: number;
  leaf: Hash;
  root: Hash;
  proof: readonly Hash[];
};

/** RFC 9162 2.1.3.2. */
export function verifyInclusion({
  index,
  size,
  leaf,
  root: expected,
  proof,
}: InclusionClaim): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const step of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(step, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      hash = nodeHash(hash, step);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && hash.equals(expected);
}

export type ConsistencyClaim = {
  oldSize: number;
  newSize: number;
  oldRoot: Hash;
  newRoot: Hash;
  proof: readonly Hash[];
};

/** RFC 9162 2.1.4.2. An empty old tree is the start of every tree. */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (oldSize < 0 || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && oldRoot.equals(newRoot);
  if (oldSize === 0) return proof.length === 0;
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  let position = oldSize - 1;
  let last = newSize - 1;
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  let [oldHash, newHash] = [first, first];
  for (const step of rest) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      oldHash = nodeHash(step, oldHash);
      newHash = nodeHash(step, newHash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else {
      newHash = nodeHash(newHash, step);
    }
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  while (n > 1 && n % 2 === 0) n /= 2;
  return n === 1;
}

/** The largest power of two below `n`. */
function splitPoint(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}
