import { displayRuns } from "#lib/domain/evidence/display.ts";
import type { Sentence } from "#lib/domain/sentence.ts";

/** Characters besides ASCII and Latin-1 that the fonts of every PDF reader have (WinAnsiEncoding, ISO 32000-1 annex D). */
const OF_THE_FONT = /^[ -~\u00A1-\u00AC\u00AE-\u00FF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/u;
const LINE_MAX = 400;
/** Read no further: no page holds more. */
const READ_MAX = 4_000;

/** `text` in characters that the font has; every other one, and what hides or reorders text, as `<U+202E>`. */
export function printable(text: string): string {
  return displayRuns(text.slice(0, READ_MAX))
    .map((run) => (run.kind === "hidden" ? `<${run.code}>` : escaped(run.text)))
    .join("");
}

/** A sentence as one line of text: what somebody else wrote stands between quotation marks that it cannot close. */
export function printableSentence(sentence: Sentence): string {
  if (typeof sentence === "string") return printable(sentence);
  return sentence
    .map((part) =>
      typeof part === "string"
        ? printable(part)
        : `“${printable(part.said).replace(/[“”]/g, codeOf)}”`,
    )
    .join("");
}

function escaped(text: string): string {
  return [...text.replaceAll("<U+", `${codeOf("<")}U+`)]
    .map((char) => (OF_THE_FONT.test(char) ? char : codeOf(char)))
    .join("");
}

function codeOf(char: string): string {
  return `<U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** Lines no wider than `width`, at most `most` of them; `cut` says that the last ends in an ellipsis instead of the rest. */
export function wrapText(
  text: string,
  { width, most, measure }: { width: number; most: number; measure: (text: string) => number },
): { lines: string[]; cut: boolean } {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const end = lineEnd(rest, width, measure);
    if (lines.length === most - 1 && end < rest.length) {
      return { lines: [...lines, ellipsis(rest.slice(0, end), width, measure)], cut: true };
    }
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return { lines, cut: false };
}

/** Where the first line of `text` ends: after the last word that fits, or inside a word that no line holds. */
function lineEnd(text: string, width: number, measure: (text: string) => number): number {
  let low = 1; // one character is always taken, so that every line goes on
  let high = Math.min(text.length, LINE_MAX);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(0, middle)) <= width) low = middle;
    else high = middle - 1;
  }
  if (low === text.length) return low;
  const space = text.lastIndexOf(" ", low);
  return space > 0 ? space : low;
}

function ellipsis(line: string, width: number, measure: (text: string) => number): string {
  let kept = line.trimEnd();
  while (kept !== "" && measure(`${kept}…`) > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}
