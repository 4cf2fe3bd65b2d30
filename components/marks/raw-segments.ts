/** Cuts of a record's raw text, for showing it exactly with a marked span and search hits. */

/** `[start, end)` in UTF-16 units. */
export type Span = { start: number; end: number };
export type RawSegment = { text: string; start: number; marked: boolean; hit: number | null };

/**
 * `raw` cut at the edges of `mark` and of every hit; the joined texts are exactly `raw`.
 * `hit` is the index of the search hit a segment belongs to, or null.
 */
export function rawSegments(raw: string, mark: Span | null, hits: readonly Span[]): RawSegment[] {
  const edges = new Set([0, raw.length]);
  for (const span of mark ? [mark, ...hits] : hits) {
    edges.add(clamp(span.start, raw.length));
    edges.add(clamp(span.end, raw.length));
  }
  const cuts = [...edges].toSorted((a, b) => a - b);
  const segments: RawSegment[] = [];
  let hit = 0;
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const start = cuts[i] ?? 0;
    const end = cuts[i + 1] ?? raw.length;
    while (hit < hits.length && (hits[hit]?.end ?? 0) <= start) hit += 1;
    const inHit = covers(hits[hit], start, end);
    segments.push({
      text: raw.slice(start, end),
      start,
      marked: covers(mark, start, end),
      hit: inHit ? hit : null,
    });
  }
  return segments;
}

/** Where `needle` occurs in `raw`, whatever its case; at most `most`, none for an empty needle. */
export function findHits(raw: string, needle: string, most = 500): Span[] {
  if (needle === "") return [];
  const pattern = new RegExp(needle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
  const hits: Span[] = [];
  for (const match of raw.matchAll(pattern)) {
    hits.push({ start: match.index, end: match.index + match[0].length });
    if (hits.length >= most) break;
  }
  return hits;
}

function covers(span: Span | null | undefined, start: number, end: number): boolean {
  return Boolean(span && span.start <= start && span.end >= end && span.start < span.end);
}

function clamp(offset: number, length: number): number {
  return Math.min(Math.max(0, offset), length);
}
