import { lowest } from "#lib/domain/thread/lowest.ts";

/** Where the lines of a thread stand, in px from its top: all have one height but a few. */
export type ThreadLayout = {
  total: number;
  top: (row: number) => number;
  heightOf: (row: number) => number;
  /** The line at a distance from the top; the first or last when it is outside. */
  rowAt: (px: number) => number;
};

/** `odd` are the lines with a height of their own, ascending; the work grows with their number alone. */
export function threadLayout(
  count: number,
  height: number,
  odd: readonly number[],
  oddHeight: (row: number) => number,
): ThreadLayout {
  // before[i]: by how much the first i odd lines are higher than others
  const before = new Float64Array(odd.length + 1);
  odd.forEach((row, index) => (before[index + 1] = before[index]! + oddHeight(row) - height));
  const oddBefore = (row: number) => lowest(odd.length, (index) => odd[index]! >= row);
  const top = (row: number) => row * height + before[oddBefore(row)]!;
  return {
    total: top(count),
    top,
    heightOf: (row) => top(row + 1) - top(row),
    rowAt: (px) =>
      Math.min(
        Math.max(
          0,
          lowest(count, (row) => top(row + 1) > px),
        ),
        Math.max(0, count - 1),
      ),
  };
}
