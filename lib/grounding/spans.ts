type Span = { start: number; end: number };

/** Of spans in order of their start, those that lie within a stretch; the others are not looked at. */
export function spansWithin<T extends Span>(sorted: readonly T[], { start, end }: Span): T[] {
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? end) < start) low = middle + 1;
    else high = middle;
  }
  const found: T[] = [];
  for (let i = low; i < sorted.length; i++) {
    const span = sorted[i];
    if (!span || span.start > end) break;
    if (span.end <= end) found.push(span);
  }
  return found;
}
