import { nodeHash, type Hash } from "../tree.ts";

/** A complete subtree: its leaves are `index * 2^level` up to the next multiple. */
type Place = { level: number; index: number };

/**
 * The inclusion proofs of chosen entries in one pass over all leaves, in memory that grows with what was chosen and not
 * with the log (RFC 6962 2.1.1).
 */
export class ProofCollector {
  readonly #size: number;
  readonly #wanted = new Map<string, Hash | null>();
  readonly #pending: { hash: Hash; level: number }[] = [];
  #seen = 0;

  constructor(size: number, chosen: Iterable<number>) {
    this.#size = size;
    for (const index of chosen) {
      if (index < 0 || index >= size) throw new RangeError("proof collector: no such leaf");
      for (const place of pathOf(index, size).flatMap((range) => peaksOf(range)))
        this.#wanted.set(key(place), null);
    }
  }

  append(leaf: Hash): void {
    let hash = leaf;
    let level = 0;
    let index = this.#seen;
    this.#keep({ level, index }, hash);
    while (this.#pending.at(-1)?.level === level) {
      hash = nodeHash(this.#pending.pop()!.hash, hash);
      level += 1;
      index = Math.floor(index / 2);
      this.#keep({ level, index }, hash);
    }
    this.#pending.push({ hash, level });
    this.#seen += 1;
  }

  proof(index: number): Hash[] {
    if (this.#seen !== this.#size) throw new RangeError("proof collector: leaves are missing");
    return pathOf(index, this.#size).map((range) =>
      peaksOf(range)
        .map((place) => this.#kept(place))
        .reduceRight((right, left) => nodeHash(left, right)),
    );
  }

  #keep(place: Place, hash: Hash): void {
    const name = key(place);
    if (this.#wanted.has(name)) this.#wanted.set(name, hash);
  }

  #kept(place: Place): Hash {
    const hash = this.#wanted.get(key(place));
    if (!hash) throw new RangeError("proof collector: this leaf was not chosen");
    return hash;
  }
}

type Range = { from: number; to: number };

/** The ranges of leaves whose roots are the proof of `index`, from the leaf upwards. */
function pathOf(index: number, size: number): Range[] {
  const path: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    let split = 1;
    while (split * 2 < to - from) split *= 2;
    const middle = from + split;
    if (index < middle) {
      path.unshift({ from: middle, to });
      to = middle;
    } else {
      path.unshift({ from, to: middle });
      from = middle;
    }
  }
  return path;
}

/** The complete subtrees that make up a range, biggest first. */
function peaksOf({ from, to }: Range): Place[] {
  const peaks: Place[] = [];
  let at = from;
  while (at < to) {
    let width = 1;
    let level = 0;
    while (at + width * 2 <= to && at % (width * 2) === 0) {
      width *= 2;
      level += 1;
    }
    peaks.push({ level, index: at / width });
    at += width;
  }
  return peaks;
}

function key({ level, index }: Place): string {
  return `${level}/${index}`;
}
