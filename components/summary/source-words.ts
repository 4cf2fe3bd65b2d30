import type { SourceHealthView } from "#lib/contracts/views.ts";

export type SourcesLine = {
  sources: number;
  /** When the last record of any source happened; null when none has a time. */
  lastAt: string | null;
  gaps: number;
  /** Records refused of all received, 0 to 1. */
  refusedShare: number;
  silent: number;
  /** The largest clock skew worth a word, in seconds ahead (+) or behind (-). */
  skewSeconds: number | null;
  /** Whether anything here should make a reader careful. */
  whole: boolean;
};

/** A clock this far off changes the order of events. */
export const SKEW_SHOWN_SECONDS = 5;

/** What the meter says in one line about all sources together. */
export function sourcesLine(sources: readonly SourceHealthView[]): SourcesLine {
  const times = sources.flatMap(({ lastAt }) => (lastAt ? [lastAt] : []));
  const gaps = sources.reduce((sum, source) => sum + source.gaps.length, 0);
  const silent = sources.filter((source) => source.silent).length;
  const skews = sources.flatMap(({ clockSkewSeconds: skew }) => (isSkewed(skew) ? [skew] : []));
  const [skew] = skews.toSorted((a, b) => Math.abs(b) - Math.abs(a));
  const refusedShare = shareOfAll(sources);
  return {
    sources: sources.length,
    lastAt: times.toSorted().at(-1) ?? null,
    gaps,
    refusedShare,
    silent,
    skewSeconds: skew ?? null,
    whole: gaps === 0 && silent === 0 && refusedShare === 0 && skew === undefined,
  };
}

export function isSkewed(seconds: number | null): seconds is number {
  return seconds !== null && Math.abs(seconds) >= SKEW_SHOWN_SECONDS;
}

/** What was received is not told, only what was refused and its share; that gives it back. */
function shareOfAll(sources: readonly SourceHealthView[]): number {
  let refused = 0;
  let received = 0;
  for (const source of sources) {
    refused += source.refused;
    received += source.refusedShare > 0 ? source.refused / source.refusedShare : source.records;
  }
  return received > 0 ? refused / received : 0;
}

/** `0.2 %`, `12 %`, `under 0.1 %`; never 0 % for something. */
export function shareWords(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "under 0.1 %";
  const digits = percent > 0 && percent < 10 ? 1 : 0;
  return `${percent.toLocaleString("en", { maximumFractionDigits: digits })} %`;
}

/** `12 s ahead`, `3 min behind`. */
export function skewWords(seconds: number, spanWords: (ms: number) => string): string {
  return `${spanWords(Math.abs(seconds) * 1000)} ${seconds > 0 ? "ahead" : "behind"}`;
}

export type Stretch = { from: number; to: number };

/**
 * Where a source has records between `from` and `to` of the incident, as shares 0 to 1: its own first to last
 * without its gaps. Empty when nothing can be placed.
 */
export function coveredStretches(
  { firstAt, lastAt, gaps }: SourceHealthView,
  span: { from: string; to: string } | null,
): Stretch[] {
  if (!span || !firstAt || !lastAt) return [];
  const start = Date.parse(span.from);
  const length = Date.parse(span.to) - start;
  if (!(length > 0)) return [];
  const share = (at: string) => Math.min(1, Math.max(0, (Date.parse(at) - start) / length));
  const stretches: Stretch[] = [];
  let from = share(firstAt);
  for (const gap of gaps.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    stretches.push({ from, to: share(gap.from) });
    from = share(gap.to);
  }
  stretches.push({ from, to: share(lastAt) });
  return stretches.filter((stretch) => stretch.to >= stretch.from);
}

/** The time that all sources together cover; null when none has a time. */
export function spanOf(sources: readonly SourceHealthView[]): { from: string; to: string } | null {
  const firsts = sources.flatMap(({ firstAt }) => (firstAt ? [firstAt] : [])).toSorted();
  const lasts = sources.flatMap(({ lastAt }) => (lastAt ? [lastAt] : [])).toSorted();
  const [from, to] = [firsts[0], lasts.at(-1)];
  return from && to ? { from, to } : null;
}
