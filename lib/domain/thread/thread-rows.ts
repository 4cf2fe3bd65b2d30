import { utcDay } from "./days.ts";
import type { DayOf } from "./days.ts";
import { lowest } from "./lowest.ts";
import { OpenFolds } from "./open-folds.ts";

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
  /** `second`: when, since 1970. `inFold`: it stands under the line of its repeats, which is open. */
  | { kind: "record"; index: number; position: number; second: number; inFold: boolean }
  /** `position` and `second` are those of the first of them. */
  | { kind: "fold"; fold: number; position: number; second: number; open: boolean }
  | { kind: "act"; act: number };

const DAY = 1;
const RECORD = 2;
const FOLD = 3;
const ACT = 4;

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
  /** The same lines with these folds open and no others. The work grows with their number, not with that of the lines. */
  opened: (open: ReadonlySet<number>) => ThreadRows;
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
  const laid = lay(outline, { positions, seconds, dayOf });
  return rowsOf({ outline, positions, seconds, indexOf: inverse(positions), laid }, open);
}

/** What is told, and its lines as they stand while every fold is closed. */
type Told = {
  outline: Outline;
  positions: Float64Array;
  seconds: Float64Array;
  indexOf: (position: number) => number | undefined;
  laid: Laid;
};

function rowsOf(all: Told, open: ReadonlySet<number>): ThreadRows {
  const { outline, indexOf, laid } = all;
  const { above, below } = outline;
  const folds = openFolds(all, open);
  const told = laid.kinds.length + folds.lines;
  const placed = (closed: number | undefined) =>
    closed === undefined || closed < 0 ? undefined : above + folds.rowOf(closed);
  return {
    count: above + told + below,
    at: (row) => rowFrom(all, folds, open, row - above),
    rowOf: (position) => {
      const index = indexOf(position);
      if (index === undefined) return undefined;
      const closed = laid.rowOf[index]!;
      return above + folds.rowOf(closed) + folds.below(closed, index);
    },
    rowOfAct: (act) => placed(laid.rowOfAct[act]),
    rowOfFold: (fold) => placed(laid.rowOfFold[fold]),
    foldOf: (position) => foldOf(all, position),
    rowAtSecond: (second) => {
      const closed = lowest(laid.times.length, (line) => laid.times[line]! >= second);
      return closed < laid.times.length
        ? above + folds.rowOf(closed)
        : above + Math.max(0, told - 1);
    },
    secondOf: (row) => laid.times[folds.at(row - above).closed] ?? null,
    odd: laid.odd.map((closed) => above + folds.rowOf(closed)),
    opened: (others) => rowsOf(all, others),
  };
}

function foldOf({ indexOf, laid }: Told, position: number): number | undefined {
  const index = indexOf(position);
  const fold = index === undefined ? -1 : laid.foldOf[index]!;
  return fold < 0 ? undefined : fold;
}

function openFolds(all: Told, open: ReadonlySet<number>): OpenFolds {
  return new OpenFolds(
    [...open].flatMap((head) => {
      const number = foldOf(all, head);
      const fold = number === undefined ? undefined : all.outline.folds[number];
      if (fold?.head !== head) return [];
      return [{ closed: all.laid.rowOfFold[number!]!, members: summed(fold.members) }];
    }),
  );
}

type Laid = {
  kinds: Uint8Array;
  refs: Int32Array;
  /** Ascending. */
  times: Float64Array;
  rowOf: Int32Array;
  foldOf: Int32Array;
  rowOfAct: number[];
  rowOfFold: number[];
  odd: number[];
};

type Columns = { positions: Float64Array; seconds: Float64Array; dayOf: DayOf };

/** Every line with all folds closed. */
function lay(outline: Outline, { positions, seconds, dayOf }: Columns): Laid {
  const foldOf = new Int32Array(positions.length).fill(-1);
  outline.folds.forEach((fold, number) => {
    foldOf[fold.at] = number;
    for (const index of summed(fold.members)) foldOf[index] = number;
  });
  const lines = new Lines(outline, positions.length, dayOf);
  let act = 0;
  const actsUpTo = (index: number) => {
    for (; act < outline.acts.length && outline.acts[act]!.before <= index; act += 1)
      lines.rowOfAct.push(lines.add(ACT, act, secondsOf(outline.acts[act]!.entry.time)));
  };
  for (let index = 0; index < positions.length; index += 1) {
    actsUpTo(index);
    const fold = foldOf[index]!;
    if (fold < 0) lines.rowOf[index] = lines.add(RECORD, index, seconds[index]!);
    // its line stands where its first record does
    else if (outline.folds[fold]!.at === index)
      lines.rowOfFold[fold] = lines.add(FOLD, fold, seconds[index]!);
  }
  actsUpTo(positions.length);
  for (let index = 0; index < positions.length; index += 1)
    if (foldOf[index]! >= 0) lines.rowOf[index] = lines.rowOfFold[foldOf[index]!]!;
  return { ...lines.laid(), foldOf };
}

/** The lines as they are put one under another. */
class Lines {
  readonly #kinds: Uint8Array;
  readonly #refs: Int32Array;
  readonly #times: Float64Array;
  readonly #odd: number[] = [];
  readonly rowOf: Int32Array;
  readonly rowOfAct: number[] = [];
  readonly rowOfFold: number[] = [];
  #length = 0;
  #day: number | null;
  readonly #dayOf: DayOf;

  constructor(outline: Outline, records: number, dayOf: DayOf) {
    // a heading for every line is the most there can be
    const most = 2 * (records + outline.folds.length + outline.acts.length);
    this.#kinds = new Uint8Array(most);
    this.#refs = new Int32Array(most);
    this.#times = new Float64Array(most);
    this.rowOf = new Int32Array(records).fill(-1);
    this.#day = outline.dayBefore;
    this.#dayOf = dayOf;
  }

  /** The number of the line, below the heading of its day where it is the first of it. */
  add(kind: number, ref: number, second: number): number {
    const day = this.#dayOf(second);
    if (day !== this.#day) {
      this.#day = day;
      this.#put(DAY, day, second);
    }
    return this.#put(kind, ref, second);
  }

  laid(): Omit<Laid, "foldOf"> {
    return {
      kinds: this.#kinds.subarray(0, this.#length),
      refs: this.#refs.subarray(0, this.#length),
      times: this.#times.subarray(0, this.#length),
      rowOf: this.rowOf,
      rowOfAct: this.rowOfAct,
      rowOfFold: this.rowOfFold,
      odd: this.#odd,
    };
  }

  #put(kind: number, ref: number, second: number): number {
    const line = this.#length;
    if (kind === DAY || kind === ACT) this.#odd.push(line);
    this.#kinds[line] = kind;
    this.#refs[line] = ref;
    this.#times[line] = second;
    this.#length += 1;
    return line;
  }
}

function rowFrom(all: Told, folds: OpenFolds, open: ReadonlySet<number>, row: number): Row {
  const { outline, laid } = all;
  const { closed, member } = folds.at(row);
  if (member !== null) return recordRow(all, member, true);
  const ref = laid.refs[closed];
  if (ref === undefined) return { kind: "unknown" };
  switch (laid.kinds[closed]) {
    case DAY:
      return { kind: "day", day: ref };
    case ACT:
      return { kind: "act", act: ref };
    case FOLD: {
      const { head } = outline.folds[ref]!;
      const second = laid.times[closed]!;
      return { kind: "fold", fold: ref, position: head, second, open: open.has(head) };
    }
    default:
      return recordRow(all, ref, false);
  }
}

function recordRow({ positions, seconds }: Told, index: number, inFold: boolean): Row {
  const [position, second] = [positions[index]!, seconds[index]!];
  return { kind: "record", index, position, second, inFold };
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

function secondsOf(time: string | null): number {
  return time === null ? 0 : Math.floor(Date.parse(time) / 1000);
}
