import type { Span } from "./spans.ts";

const MARK = /-----(BEGIN|END)[ +%20A-Z0-9]{0,60}PRIVATE(?: |\+|%20)KEY[ +%20A-Z0-9]{0,20}-----/gi;
const BODY = /[A-Za-z0-9+/=\s\\:,-]{0,32000}/y;
const LENGTH_MAX = 40_000;

/**
 * Private keys from their first line to their last. One that is cut off goes as far as its letters do, before its
 * last line as well as behind its first.
 */
export function privateKeys(text: string): Span[] {
  const spans: Span[] = [];
  const marks = Array.from(text.matchAll(MARK));
  let covered = 0;
  marks.forEach((mark, at) => {
    if (mark.index < covered) return;
    const next = marks[at + 1];
    if (mark[1]?.toUpperCase() === "END") {
      spans.push({
        start: bodyBefore(text, covered, mark.index),
        end: endOf(mark),
        kind: "private_key",
      });
    } else if (next?.[1]?.toUpperCase() === "END" && next.index - mark.index < LENGTH_MAX) {
      spans.push({ start: mark.index, end: endOf(next), kind: "private_key" });
    } else {
      BODY.lastIndex = endOf(mark);
      BODY.test(text);
      spans.push({ start: mark.index, end: BODY.lastIndex, kind: "private_key" });
    }
    covered = spans.at(-1)?.end ?? covered;
  });
  return spans;
}

function endOf(mark: RegExpExecArray): number {
  return mark.index + mark[0].length;
}

function bodyBefore(text: string, least: number, end: number): number {
  let start = end;
  while (
    start > least &&
    end - start < LENGTH_MAX &&
    /[A-Za-z0-9+/=\s\\]/.test(text.charAt(start - 1))
  )
    start--;
  return start;
}
