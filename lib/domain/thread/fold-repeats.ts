/** Records of an incident in the order of its thread; the arrays go together. */
export type RecordStream = {
  /** The E12 of each. */
  positions: Int32Array;
  /** Where each stands in time, in ms since 1970; ascending. */
  times: Float64Array;
  /** What a repeat repeats; empty where a record never folds. */
  shapes: readonly string[];
  /** 1 where a finding stands, which nothing folds across. */
  walls: Uint8Array;
};

/** From one repeat to the next at most; what comes later begins anew. */
export const REPEAT_GAP_MS = 5 * 60_000;
/** Two of a kind stand as they are. */
export const REPEATS_MIN = 3;

/**
 * Which records fold into one line: of one shape, each within five minutes of the one before, with no finding and
 * nothing that anybody did in between. `acts` are the places where somebody did something, as the number of records
 * before each. Each fold is a list of indexes, ascending; the first is where its line stands. Folds come by that.
 */
export function foldRepeats(stream: RecordStream, acts: readonly number[]): number[][] {
  const barred = new Set(acts);
  const open = new Map<string, number[]>();
  const runs: number[][] = [];
  for (let index = 0; index < stream.positions.length; index += 1) {
    if (stream.walls[index] === 1 || barred.has(index)) open.clear();
    const shape = stream.shapes[index];
    if (!shape) continue;
    const run = open.get(shape);
    const last = run?.at(-1);
    if (run && last !== undefined && stream.times[index]! - stream.times[last]! <= REPEAT_GAP_MS) {
      run.push(index);
      if (run.length === REPEATS_MIN) runs.push(run);
    } else {
      open.set(shape, [index]);
    }
  }
  return runs.toSorted((a, b) => a[0]! - b[0]!);
}
