import type { Rate } from "#lib/domain/review/measures.ts";

/** `0.1234` -> `12.3 %` */
export function percentWords(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** `25.0 % (4.6 to 69.9 %) of 4` */
export function rateWords({ share, low, high, n }: NonNullable<Rate>): string {
  return `${percentWords(share)} (${(low * 100).toFixed(1)} to ${percentWords(high)}) of ${n}`;
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
] as const;

/** A duration in the largest unit of which it has two, with one decimal: `90 min`, `2.5 h`, `42 s`, `-3 s`. */
export function durationWords(ms: number): string {
  const size = Math.abs(ms);
  const [unit, word] = UNITS.find(([each]) => size >= 2 * each) ?? [1_000, "s"];
  return `${Number((ms / unit).toFixed(1))} ${word}`;
}
