import { lowest } from "./lowest.ts";

/** An open fold by the line that it has while every fold is closed, and the indexes of its records, ascending. */
type OpenFold = { closed: number; members: Float64Array };

/**
 * The lines that open folds put between others. A line is known by its number while every fold is closed, `closed`, and
 * has the number `row` as they are open; finding one by the other takes a search among the open folds alone.
 */
export class OpenFolds {
  readonly #folds: readonly OpenFold[];
  /** How many lines stand under all folds before each, and at the end under all. */
  readonly #before: readonly number[];

  constructor(folds: readonly OpenFold[]) {
    this.#folds = folds.toSorted((one, other) => one.closed - other.closed);
    const before = [0];
    for (const { members } of this.#folds) before.push(before.at(-1)! + members.length);
    this.#before = before;
  }

  /** How many lines stand under open folds. */
  get lines(): number {
    return this.#before.at(-1)!;
  }

  rowOf(closed: number): number {
    const above = lowest(this.#folds.length, (fold) => this.#folds[fold]!.closed >= closed);
    return closed + this.#before[above]!;
  }

  /** The line that a row is, or under which it stands as `member`, the index of a record. */
  at(row: number): { closed: number; member: number | null } {
    const next = lowest(this.#folds.length, (fold) => this.#head(fold) >= row);
    const fold = this.#folds[next - 1];
    if (!fold) return { closed: row, member: null };
    const member = fold.members[row - this.#head(next - 1) - 1];
    return member === undefined
      ? { closed: row - this.#before[next]!, member: null }
      : { closed: fold.closed, member };
  }

  /** How many lines below the line `closed` a record of its fold stands: 0 while that is not open. */
  below(closed: number, index: number): number {
    const at = lowest(this.#folds.length, (fold) => this.#folds[fold]!.closed >= closed);
    const fold = this.#folds[at];
    if (fold?.closed !== closed) return 0;
    const rank = lowest(fold.members.length, (member) => fold.members[member]! >= index);
    return fold.members[rank] === index ? rank + 1 : 0;
  }

  #head(fold: number): number {
    return this.#folds[fold]!.closed + this.#before[fold]!;
  }
}
