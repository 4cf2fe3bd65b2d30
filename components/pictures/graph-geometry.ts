/** Where the graph's nodes stand, in px of the whole picture. */
export const COLUMN = 136;
export const GAP = 40;
export const ROW = 26;
export const NODE = 22;
export const HEAD = 30;
export const EDGE = 12;

type Place = { column: number; row: number };

export const left = ({ column }: Place) => EDGE + column * (COLUMN + GAP);
export const top = ({ row }: Place) => HEAD + row * ROW;

export function sizeOf(columns: readonly { rows: number }[]): { width: number; height: number } {
  const rows = Math.max(1, ...columns.map((column) => column.rows));
  return {
    width: 2 * EDGE + columns.length * (COLUMN + GAP) - GAP + 24,
    height: HEAD + rows * ROW + EDGE,
  };
}

/** The rows that a window of this height sees, and some above and below. */
export function rowsIn(scrollTop: number, height: number): { from: number; to: number } {
  const slack = 12;
  return {
    from: Math.floor((scrollTop - HEAD) / ROW) - slack,
    to: Math.ceil((scrollTop + height - HEAD) / ROW) + slack,
  };
}

type Key = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** The node an arrow key leads to: up and down in the column, left and right to the nearest row of the next. */
export function neighbourOf<N extends Place>(nodes: readonly N[], from: N, key: string): N | null {
  const by: Record<Key, [number, number]> = {
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
  };
  const [across, down] = by[key as Key] ?? [0, 0];
  if (down !== 0)
    return (
      nodes.find((node) => node.column === from.column && node.row === from.row + down) ?? null
    );
  if (across === 0) return null;
  const next = nodes.filter((node) => node.column === from.column + across);
  return (
    next.toSorted((a, b) => Math.abs(a.row - from.row) - Math.abs(b.row - from.row))[0] ?? null
  );
}
