/** Seconds in the units of time; a month is 30 days and a year 365, as nobody says which. */
export const SECONDS: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mo: 2_592_000,
  y: 31_536_000,
};
/** A source for regular expressions. Rates ("MB/s") are no sizes. */
export const BYTE_UNIT =
  "(?:bytes?|octets?|[kmgtp]i?b|(?:kilo|mega|giga|tera|peta|kibi|mebi|gibi|tebi)bytes?|b)(?!\\w|/s| per second)";
const HEDGE =
  /(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|close to|an? estimated|estimated|some|more or less|upwards of|in the region of|just (?:over|under))|~) ?$/i;

/** The key of SECONDS for a unit's word or sign. */
export function unitKey(word: string): string {
  const w = word.toLowerCase().trim();
  if (/^(?:ns|nano)/.test(w)) return "ns";
  if (/^(?:micro|[\u00b5\u03bcu]s)/.test(w)) return "us";
  if (/^(?:ms|milli)/.test(w)) return "ms";
  if (w.startsWith("mo")) return "mo";
  return w.startsWith("m") ? "min" : w.charAt(0);
}

/** Bytes in a unit: MB is 10^6 and MiB 2^20 (IEC 80000-13). */
export function bytesOf(unit: string): number {
  const u = unit.toLowerCase();
  if (/^(?:b|bytes?|octets?)$/.test(u)) return 1;
  const long = /^(kilo|mega|giga|tera|peta|kibi|mebi|gibi|tebi)/.exec(u)?.[1];
  const binary = long ? long.endsWith("bi") : u.includes("i");
  return (binary ? 1024 : 1000) ** Math.max(0, "bkmgtp".indexOf(u.charAt(0)));
}

/** Whether an amount that starts at `start` is told with "about", "nearly" or "~". */
export function isHedged(text: string, start: number): boolean {
  return HEDGE.test(text.slice(Math.max(0, start - 24), start));
}
