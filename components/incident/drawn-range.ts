/** Lines by number, from the first to before the second. */
export type Range = { from: number; to: number };

/** Lines drawn beyond each edge of what is seen, so that a fast hand meets lines and not emptiness. */
const BEYOND = 20;
/** As many at once where the hand was faster: what is seen comes first. */
const AT_ONCE = 4;

/**
 * Which lines to draw for those that are seen now, `settled` being those that were seen when there was time to draw all
 * around them. What stands around them already stays as long as it is near; after a leap only what is seen is drawn.
 */
export function drawnRange(seen: Range, settled: Range, count: number): Range {
  const [near, most, before] = [
    around(seen, AT_ONCE, count),
    around(seen, BEYOND, count),
    around(settled, BEYOND, count),
  ];
  if (before.to < near.from || before.from > near.to) return near;
  return {
    from: Math.max(most.from, Math.min(near.from, before.from)),
    to: Math.min(most.to, Math.max(near.to, before.to)),
  };
}

function around({ from, to }: Range, by: number, count: number): Range {
  return { from: Math.max(0, from - by), to: Math.min(count, to + by) };
}
