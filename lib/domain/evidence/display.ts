/**
 * Strings from evidence and from models may hold characters that hide, reorder or imitate text.
 * `displayRuns` cuts a string into plain runs and characters that must be shown by name,
 * keeping UTF-16 offsets so that a quoted span can still be marked.
 */

export type DisplayRun =
  | { kind: "plain"; start: number; end: number; text: string }
  | { kind: "hidden"; start: number; end: number; code: string; name: string };

export type DisplayOptions = {
  /** Offsets where a run must end, e.g. the start and end of a citation. */
  cuts?: readonly number[];
  /** Line feeds and tabs stay as they are (a block of text); otherwise they are shown by name. */
  lines?: boolean;
};

// Controls, format characters (bidi, zero width, tags), lone surrogates, private use, line and paragraph
// separators, default-ignorable characters (fillers, joiners, variation selectors), noncharacters, and the
// braille blank, which has ink in its name only. Unicode 17, UTS 39 and UTR 36.
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

export function displayRuns(
  text: string,
  { cuts = [], lines = false }: DisplayOptions = {},
): DisplayRun[] {
  const runs: DisplayRun[] = [];
  const edges = usableCuts(text, cuts);
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    const char = match[0];
    if (lines && (char === "\n" || char === "\t")) continue;
    pushPlain(runs, text, from, match.index, edges);
    from = match.index + char.length;
    const point = char.codePointAt(0) ?? 0;
    runs.push({
      kind: "hidden",
      start: match.index,
      end: from,
      code: codeOf(point),
      name: nameOf(point),
    });
  }
  pushPlain(runs, text, from, text.length, edges);
  return runs;
}

/** The same as one string, for titles and names of things: what hides is written out, as ⟨U+202E⟩. */
export function visibleText(text: string): string {
  return displayRuns(text)
    .map((run) => (run.kind === "plain" ? run.text : `⟨${run.code}⟩`))
    .join("");
}

/** Whether any character of `text` would be shown by name (line feeds and tabs aside). */
export function hasHidden(text: string): boolean {
  return displayRuns(text, { lines: true }).some((run) => run.kind === "hidden");
}

function pushPlain(
  runs: DisplayRun[],
  text: string,
  start: number,
  end: number,
  edges: readonly number[],
) {
  let from = start;
  for (const edge of edges) {
    if (edge <= from) continue;
    if (edge >= end) break;
    runs.push({ kind: "plain", start: from, end: edge, text: text.slice(from, edge) });
    from = edge;
  }
  if (from < end) runs.push({ kind: "plain", start: from, end, text: text.slice(from, end) });
}

/** Sorted, inside the text, and never between the halves of a surrogate pair. */
function usableCuts(text: string, cuts: readonly number[]): number[] {
  return cuts
    .filter((cut) => cut > 0 && cut < text.length)
    .map((cut) => (splitsPair(text, cut) ? cut - 1 : cut))
    .toSorted((a, b) => a - b);
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

function codeOf(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

const NAMES: Record<number, string> = {
  0x00: "null",
  0x07: "bell",
  0x08: "backspace",
  0x09: "tab",
  0x0a: "line feed",
  0x0d: "carriage return",
  0x1b: "escape",
  0x7f: "delete",
  0xad: "soft hyphen",
  0x61c: "Arabic letter mark",
  0x180e: "Mongolian vowel separator",
  0x200b: "zero width space",
  0x200c: "zero width non-joiner",
  0x200d: "zero width joiner",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x2028: "line separator",
  0x2029: "paragraph separator",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "pop directional formatting",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x2060: "word joiner",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first strong isolate",
  0x2069: "pop directional isolate",
  0x2800: "blank braille pattern",
  0x3164: "Hangul filler",
  0xfeff: "byte order mark",
};

function nameOf(point: number): string {
  const known = NAMES[point];
  if (known) return known;
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return "control character";
  if (point >= 0xd800 && point <= 0xdfff) return "half of a broken surrogate pair";
  if ((point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0100 && point <= 0xe01ef))
    return "variation selector";
  if (point >= 0xe0000 && point <= 0xe007f) return "invisible tag character";
  return "invisible character";
}
