import { MARK, pseudonymsIn } from "./tokens.ts";

const CUT = "[...]";

/**
 * Head and tail of what is longer than `max` characters, `[...]` between them, and never through a pseudonym or a
 * secret's mark: half of `HOST_12` would be another host.
 */
export function cutRedacted(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.max(0, Math.floor((max - CUT.length) / 2));
  const whole = [
    ...pseudonymsIn(text),
    ...Array.from(text.matchAll(MARK), ({ index, 0: mark }) => ({
      start: index,
      end: index + mark.length,
    })),
  ];
  const inside = (at: number) => whole.find(({ start, end }) => start < at && at < end);
  const headEnd = inside(half)?.start ?? half;
  const tailStart = inside(text.length - half)?.end ?? text.length - half;
  return `${text.slice(0, headEnd).toWellFormed()}${CUT}${text.slice(tailStart).toWellFormed()}`;
}
