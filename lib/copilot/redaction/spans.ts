/** A part of a text that is replaced: offsets in UTF-16 units, end exclusive. */
export type Span = { start: number; end: number; kind: string };

/** Sorted, and parts that overlap joined: the one that starts first names the whole. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.end <= span.start) continue;
    const last = merged.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}
