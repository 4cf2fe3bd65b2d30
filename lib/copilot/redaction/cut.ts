import { MARK, pseudonymsIn } from "./tokens.ts";

const CUT = "[...]";

/**
 * Head and tail of what is longer than `max` characters, `[...]` between them, and never through a pseudonym or a
 * secret's mark: half of `HOST_12` would be another host. Nor does a cut make a pseudonym of what was none.
 */
export function cutRedacted(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = Math.max(0, Math.floor((max - CUT.length) / 2));
  const whole = [...pseudonymsIn(text), ...marksIn(text)];
  const inside = (at: number) => whole.find(({ start, end }) => start < at && at < end);
  const head = text.slice(0, inside(half)?.start ?? half);
  const tail = text.slice(inside(text.length - half)?.end ?? text.length - half);
  const isWhole = (start: number) => whole.some((place) => place.start === start);
  const last = pseudonymsIn(head).at(-1);
  const [first] = pseudonymsIn(tail);
  const headEnd = last?.end === head.length && !isWhole(last.start) ? last.start : head.length;
  const isMade = first?.start === 0 && !isWhole(text.length - tail.length);
  const tailStart = isMade ? first.end : 0;
  return `${head.slice(0, headEnd).toWellFormed()}${CUT}${tail.slice(tailStart).toWellFormed()}`;
}

function marksIn(text: string): { start: number; end: number }[] {
  return Array.from(text.matchAll(MARK), ({ index, 0: mark }) => ({
    start: index,
    end: index + mark.length,
  }));
}
