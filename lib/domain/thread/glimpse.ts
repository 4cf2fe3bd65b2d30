import { utcDay } from "./days.ts";
import type { DayOf } from "./days.ts";
import { differencesOf, layRows, summed } from "./thread-rows.ts";
import type { Fold, Outline } from "./thread-rows.ts";

/** Outlines with fewer lines travel whole with the page. */
const WHOLE = 600;
/** Lines of a glimpse before and after the one it is about. */
const BEFORE = 60;
const AFTER = 120;

/**
 * The stretch of an outline around a record (its E12), or its beginning: what a page needs to be painted, with the number of lines
 * before and after, so that the rest can follow without moving anything, as long as both count days by the same `dayOf`.
 * Small outlines are given whole.
 */
export function glimpse<T extends Outline>(
  outline: T,
  around: number | null,
  dayOf: DayOf = utcDay,
): T {
  const rows = layRows(outline, new Set(), dayOf);
  if (rows.count <= WHOLE) return outline;
  const middle = around === null ? 0 : (rows.rowOf(around) ?? 0);
  const from = Math.max(0, middle - BEFORE);
  const end = Math.min(rows.count, middle + AFTER);
  // A heading is made of the line under it, so the last line is none.
  const to = rows.at(end - 1).kind === "day" ? end - 1 : end;
  const all = { positions: summed(outline.positions), seconds: summed(outline.seconds) };
  const positions: number[] = [];
  const seconds: number[] = [];
  const folds: Fold[] = [];
  const acts: Outline["acts"][number][] = [];
  const indexOfHead = new Map(outline.folds.map(({ head, at }) => [head, at]));
  for (let number = from; number < to; number += 1) {
    const row = rows.at(number);
    if (row.kind === "record" || row.kind === "fold") {
      const index = row.kind === "record" ? row.index : indexOfHead.get(row.position)!;
      if (row.kind === "fold")
        folds.push({ ...outline.folds[row.fold]!, at: positions.length, members: [] });
      positions.push(all.positions[index]!);
      seconds.push(all.seconds[index]!);
    }
    if (row.kind === "act") acts.push({ ...outline.acts[row.act]!, before: positions.length });
  }
  return {
    ...outline,
    positions: differencesOf(positions),
    seconds: differencesOf(seconds),
    folds,
    acts,
    above: from,
    below: rows.count - to,
    dayBefore: dayBefore(rows, from, dayOf),
  };
}

/** The day that `row` stands under by the line before it; a heading of its own at `row` does not count. */
function dayBefore(rows: ReturnType<typeof layRows>, row: number, dayOf: DayOf): number | null {
  const second = row > 0 ? rows.secondOf(row - 1) : null;
  return second === null ? null : dayOf(second);
}
