import { utcDay } from "./days.ts";
import type { DayOf } from "./days.ts";

/** What stands in the thread and where, without saying what it is: as much as a scrollbar needs. */
export type Outline = {
  /** The E12 of each record that is told, in order of the thread, each as the difference from the one before. */
  positions: readonly number[];
  /** When, in whole seconds since 1970, in the same order and form. */
  seconds: readonly number[];
  /** Repeats that stand as one line, by where they stand. */
  folds: readonly Fold[];
  /** What people and processes did: how many of the told records stand before each. */
  acts: readonly { before: number; entry: { id: string; type: string; time: string | null } }[];
  /** Lines before and after those that are told; 0 and 0 when all are. */
  above: number;
  below: number;
  /** The day the line before the first told one stands under, as its reader counts days; null for none. */
  dayBefore: number | null;
};

export type Fold = {
  /** The index among the records of the first of them, and its E12, by which the fold is known. */
  at: number;
  head: number;
  count: number;
  /** When the last of them happened, in whole seconds since 1970. */
  until: number;
  /** The indexes of all, each as the difference from the one before; empty while not told. */
  members: readonly number[];
};

export type Row =
  | { kind: "unknown" }
  | { kind: "day"; day: number }
  /** `inFold`: it stands under the line of its repeats, which is open. */
  | { kind: "record"; index: number; position: number; inFold: boolean }
  | { kind: "fold"; fold: number; position: number; open: boolean }
  | { kind: "act"; act: number };

const DAY = 1;
const RECORD = 2;
const MEMBER = 3;
const FOLD = 4;
const ACT = 5;

/** The lines of a thread by number. Undefined and null mean that no such line is told here. */
export type ThreadRows = {
  count: number;
  at: (row: number) => Row;
  /** The line a record stands in; for one that is folded away, the line of its fold. */
  rowOf: (position: number) => number | undefined;
  rowOfAct: (act: number) => number | undefined;
  rowOfFold: (fold: number) => number | undefined;
  /** The fold that holds a record. */
  foldOf: (position: number) => number | undefined;
  /** The first line at or after a time, in seconds since 1970; the last line when all came before. */
  rowAtSecond: (second: number) => number;
  /** When the line stands; null for one that is not told. */
  secondOf: (row: number) => number | null;
  /** Lines whose height is not that of a record, ascending. */
  odd: readonly number[];
};

/**
 * Lays an outline out as lines; `open` holds the folds (by the E12 of their first) that show their records, `dayOf` says
 * where a day begins.
 */
export function layRows(
  outline: Outline,
  open: ReadonlySet<number>,
  dayOf: DayOf = utcDay,
): ThreadRows {
  const positions = summed(outline.positions);
  const seconds = summed(outline.seconds);
  const laid = lay(outline, { positions, seconds, dayOf }, open);
  const indexOf = inverse(positions);
  const { above, below } = outline;
  const told = laid.kinds.length;
  const placed = (row: number | undefined) =>
    row === undefined || row < 0 ? undefined : above + row;
  return {
    count: above + told + below,
    at: (row) => rowFrom(outline, laid, positions, row - above),
    rowOf: (position) => placed(laid.rowOf[indexOf(position) ?? -1]),
    rowOfAct: (act) => placed(laid.rowOfAct[act]),
    rowOfFold: (fold) => placed(laid.rowOfFold[fold]),
    foldOf: (position) => {
      const index = indexOf(position);
      const fold = index === undefined ? -1 : laid.foldOf[index]!;
      return fold < 0 ? undefined : fold;
    },
    rowAtSecond: (second) => above + firstAtOrAfter(laid.times, second),
    secondOf: (row) => laid.times[row - above] ?? null,
    odd: laid.odd.map((row) => above + row),
  };
}

type Laid = {
  kinds: Uint8Array;
  refs: Int32Array;
  /** Ascending over lines that are not members of a fold; a member has the time of its fold. */
  times: Float64Array;
  rowOf: Int32Array;
  foldOf: Int32Array;
  rowOfAct: number[];
  rowOfFold: number[];
  odd: number[];
  open: ReadonlySet<number>;
};

type Columns = { positions: Float64Array; seconds: Float64Array; dayOf: DayOf };

function lay(outline: Outline, columns: Columns, open: ReadonlySet<number>): Laid {
  const { positions, seconds, dayOf } = columns;
  const foldOf = new Int32Array(positions.length).fill(-1);
  const headOf = new Int32Array(positions.length).fill(-1);
  outline.folds.forEach((fold, number) => {
    foldOf[fold.at] = number;
    headOf[fold.at] = number;
    for (const index of summed(fold.members)) foldOf[index] = number;
  });
  const lines = new Lines(outline, open, { records: positions.length, dayOf });
  let act = 0;
  const actsUpTo = (index: number) => {
    for (; act < outline.acts.length && outline.acts[act]!.before <= index; act += 1) {
      lines.add(ACT, act, secondsOf(outline.acts[act]!.entry.time));
      lines.rowOfAct.push(lines.length - 1);
    }
  };
  for (let index = 0; index < positions.length; index += 1) {
    actsUpTo(index);
    const second = seconds[index]!;
    if (foldOf[index]! < 0) lines.record(index, second);
    else if (headOf[index]! >= 0) lines.fold(headOf[index]!, index, second);
  }
  actsUpTo(positions.length);
  return { ...lines.laid(), foldOf };
}

/** The lines as they are put one under another. */
class Lines {
  readonly #kinds: Uint8Array;
  readonly #refs: Int32Array;
  readonly #times: Float64Array;
  readonly #rowOf: Int32Array;
  readonly #odd: number[] = [];
  readonly #outline: Outline;
  readonly #open: ReadonlySet<number>;
  readonly rowOfAct: number[] = [];
  readonly #rowOfFold: number[] = [];
  length = 0;
  #day: number | null;
  readonly #dayOf: DayOf;

  constructor(
    outline: Outline,
    open: ReadonlySet<number>,
    { records, dayOf }: { records: number; dayOf: DayOf },
  ) {
    // a heading for every line is the most there can be
    const most = 2 * (records + outline.folds.length + outline.acts.length);
    this.#kinds = new Uint8Array(most);
    this.#refs = new Int32Array(most);
    this.#times = new Float64Array(most);
    this.#rowOf = new Int32Array(records).fill(-1);
    this.#outline = outline;
    this.#open = open;
    this.#day = outline.dayBefore;
    this.#dayOf = dayOf;
  }

  add(kind: number, ref: number, second: number): void {
    const day = this.#dayOf(second);
    if (day !== this.#day) {
      this.#day = day;
      this.#put(DAY, day, second);
    }
    this.#put(kind, ref, second);
  }

  record(index: number, second: number): void {
    this.add(RECORD, index, second);
    this.#rowOf[index] = this.length - 1;
  }

  fold(number: number, head: number, second: number): void {
    this.add(FOLD, number, second);
    const row = this.length - 1;
    this.#rowOf[head] = row;
    this.#rowOfFold[number] = row;
    const shows = this.#open.has(this.#outline.folds[number]!.head);
    for (const index of summed(this.#outline.folds[number]!.members)) {
      if (shows) this.#put(MEMBER, index, second);
      this.#rowOf[index] = shows ? this.length - 1 : row;
    }
  }

  laid(): Omit<Laid, "foldOf"> {
    return {
      kinds: this.#kinds.subarray(0, this.length),
      refs: this.#refs.subarray(0, this.length),
      times: this.#times.subarray(0, this.length),
      rowOf: this.#rowOf,
      rowOfAct: this.rowOfAct,
      rowOfFold: this.#rowOfFold,
      odd: this.#odd,
      open: this.#open,
    };
  }

  #put(kind: number, ref: number, second: number): void {
    if (kind === DAY || kind === ACT) this.#odd.push(this.length);
    this.#kinds[this.length] = kind;
    this.#refs[this.length] = ref;
    this.#times[this.length] = second;
    this.length += 1;
  }
}

function rowFrom(outline: Outline, laid: Laid, positions: Float64Array, row: number): Row {
  const ref = laid.refs[row];
  if (ref === undefined) return { kind: "unknown" };
  switch (laid.kinds[row]) {
    case DAY:
      return { kind: "day", day: ref };
    case ACT:
      return { kind: "act", act: ref };
    case FOLD: {
      const { head } = outline.folds[ref]!;
      return { kind: "fold", fold: ref, position: head, open: laid.open.has(head) };
    }
    default:
      return {
        kind: "record",
        index: ref,
        position: positions[ref]!,
        inFold: laid.kinds[row] === MEMBER,
      };
  }
}

/** Differences as the numbers they came from. */
export function summed(differences: readonly number[]): Float64Array {
  const numbers = new Float64Array(differences.length);
  let sum = 0;
  for (let index = 0; index < differences.length; index += 1) {
    sum += differences[index]!;
    numbers[index] = sum;
  }
  return numbers;
}

/** Numbers as the differences between them, which are small and pack well. */
export function differencesOf(numbers: Iterable<number>): number[] {
  const differences: number[] = [];
  let before = 0;
  for (const number of numbers) {
    differences.push(number - before);
    before = number;
  }
  return differences;
}

function inverse(positions: Float64Array): (position: number) => number | undefined {
  const most = positions.reduce((max, position) => Math.max(max, position), 0);
  const indexes = new Int32Array(most + 1).fill(-1);
  positions.forEach((position, index) => (indexes[position] = index));
  return (position) => {
    const index = indexes[position] ?? -1;
    return index < 0 ? undefined : index;
  };
}

function firstAtOrAfter(times: Float64Array, second: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < second) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, Math.min(low, times.length - 1));
}

function secondsOf(time: string | null): number {
  return time === null ? 0 : Math.floor(Date.parse(time) / 1000);
}
