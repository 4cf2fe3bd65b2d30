import { CompactRange, HASH_BYTES, type Hash } from "./tree.ts";

type Part = { from: number; to: number };

/**
 * Makes the consistency proof (RFC 6962 2.1.2) from an old right edge and the leaves that came after it, one by one:
 * a log of any length is proved to have grown from what one reads anyway, in memory of O(log n).
 */
export class GrowthProof {
  readonly #whole: CompactRange;
  readonly #size: number;
  readonly #oldSize: number;
  readonly #parts: { part: Part; range: CompactRange | null; hash: Hash | null }[];

  /** `size`: how many leaves there are in all; at least as many as the old edge has, and that not none. */
  constructor(old: CompactRange, size: number) {
    if (old.size < 1 || size < old.size) throw new RangeError("growth proof: no such sizes");
    const peaks = peaksOf(old);
    this.#whole = old.clone();
    this.#size = size;
    this.#oldSize = old.size;
    this.#parts = partsOf(old.size, { from: 0, to: size }, true).map((part) => {
      const isNew = part.from >= old.size;
      return {
        part,
        range: isNew ? new CompactRange() : null,
        hash: isNew ? null : (peaks.get(part.from) ?? null),
      };
    });
  }

  append(leaf: Hash): void {
    const at = this.#whole.size;
    if (at >= this.#size) throw new RangeError("growth proof: more leaves than announced");
    this.#whole.append(leaf);
    for (const { part, range } of this.#parts)
      if (range && at >= part.from && at < part.to) range.append(leaf);
  }

  /** The right edge of the grown tree, and the proof that it starts with the old one. */
  finish(): { range: CompactRange; proof: Hash[] } {
    if (this.#whole.size !== this.#size)
      throw new RangeError("growth proof: fewer leaves than announced");
    const proof = this.#parts.map(({ range, hash }) => {
      const found = range?.root() ?? hash;
      if (!found) throw new RangeError(`growth proof: no hash from ${this.#oldSize} leaves`);
      return found;
    });
    return { range: this.#whole, proof };
  }
}

/** The subtrees whose hashes the proof is made of, in its order. */
function partsOf(oldSize: number, { from, to }: Part, isWhole: boolean): Part[] {
  if (oldSize === to) return isWhole ? [] : [{ from, to }];
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  const split = from + half;
  return oldSize <= split
    ? [...partsOf(oldSize, { from, to: split }, isWhole), { from: split, to }]
    : [...partsOf(oldSize, { from: split, to }, false), { from, to: split }];
}

/** The hash of each complete subtree of the edge, by its first leaf. */
function peaksOf(range: CompactRange): Map<number, Hash> {
  const bytes = range.toBytes();
  const peaks = new Map<number, Hash>();
  let from = 0;
  for (let at = 0; at < bytes.length; at += HASH_BYTES) {
    peaks.set(from, bytes.subarray(at, at + HASH_BYTES));
    const left = range.size - from;
    let width = 1;
    while (width * 2 <= left) width *= 2;
    from += width;
  }
  return peaks;
}
