/**
 * Text in evidence that reads like an instruction to whoever, or whatever, reads it. A badge, not a control: an
 * attacker who knows these words writes others. The time is linear in the text, and short for text that holds none.
 */
import { ANCHORS, MARKS, RARE_LETTERS, SIGNS } from "./instruction-signs.ts";
import type { Sign } from "./instruction-signs.ts";

/** Below this score nothing is said. */
const SCORE_MIN = 3;
const SCORE_MAX = 9;
/** Of a long text the beginning and the end are read: what a model is shown of it. In bytes. */
const HEAD = 12_288;
const TAIL = 4_096;
/** Signs are looked for this many characters around an anchor, and do not add up when further apart. */
const REACH = 400;
const PIECES_MAX = 40;
const FOUND_MAX = 100;
const TOKENS_MAX = 5;

/** What made the score: the attacker's words, in small letters. */
export type InstructionSign = { words: string };

type Found = { sign: string; weight: number; start: number; words: string };
type Best = { score: number; found: Found[] };
const NOTHING: Best = { score: 0, found: [] };

/** How much a text, or its UTF-8, reads like an instruction to its reader: 0 for nothing worth saying, else 3 to 9. */
export function instructionScore(text: string | Uint8Array): number {
  const { score } = bestOf(utf8Of(text));
  return score < SCORE_MIN ? 0 : Math.min(score, SCORE_MAX);
}

/** The words that made the score, in their order; none when it is 0. */
export function instructionSigns(text: string | Uint8Array): InstructionSign[] {
  const { score, found } = bestOf(utf8Of(text));
  return score < SCORE_MIN ? [] : found.map(({ words }) => ({ words }));
}

function utf8Of(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? ENCODER.encode(text) : text;
}

function bestOf(utf8: Uint8Array): Best {
  const seen = scan(utf8);
  const isRun = hasLongRun(utf8);
  if (!seen.isRare && !seen.isApart && seen.isAscii && !isRun) return NOTHING;
  const text = readable(utf8);
  const plain = seen.isAscii ? text : withoutDisguise(text);
  const isRare = seen.isRare || (plain !== text && scan(ENCODER.encode(plain)).isRare);
  const readings = isRare ? [plain, ...undisguised(plain)] : [];
  if (seen.isApart) readings.push(joined(plain));
  if (isRun) readings.push(...decoded(plain));
  let best = NOTHING;
  for (const reading of readings) {
    for (const piece of piecesOf(reading)) {
      const found = scoreOf(piece);
      if (found.score > best.score) best = found;
    }
  }
  return best;
}

/** Of a long text its beginning and its end; a letter cut in two is no letter. */
function readable(utf8: Uint8Array): string {
  const isLong = utf8.length > HEAD + TAIL;
  const parts = isLong ? [utf8.subarray(0, HEAD), utf8.subarray(-TAIL)] : [utf8];
  return parts.map((part) => DECODER.decode(part)).join("\n");
}

/** The text around each anchor, overlapping pieces as one; most texts have none. */
function piecesOf(text: string): string[] {
  const pieces: [from: number, to: number][] = [];
  for (const { index } of text.matchAll(ANCHORS)) {
    const last = pieces.at(-1);
    if (last && index - REACH <= last[1]) last[1] = index + REACH;
    else if (pieces.push([Math.max(0, index - REACH), index + REACH]) === PIECES_MAX) break;
  }
  return pieces.map(([from, to]) => text.slice(from, to));
}

function scoreOf(piece: string): Best {
  const all = [...foundBy(MARKS, piece), ...foundBy(SIGNS, wordsOf(piece))].toSorted(
    (a, b) => a.start - b.start,
  );
  let best = NOTHING;
  for (const [at, first] of all.entries()) {
    const strongest = new Map<string, Found>();
    for (const next of all.slice(at, at + FOUND_MAX)) {
      if (next.start - first.start > REACH) break;
      if (next.weight > (strongest.get(next.sign)?.weight ?? 0)) strongest.set(next.sign, next);
    }
    const found = [...strongest.values()];
    const score = found.reduce((sum, { weight }) => sum + weight, 0);
    if (score > best.score) best = { score, found };
  }
  return best;
}

function foundBy(signs: readonly Sign[], text: string): Found[] {
  return signs.flatMap(([sign, weight, pattern]) =>
    Array.from(text.matchAll(pattern), ({ 0: words, index: start }) => ({
      sign,
      weight,
      start,
      words: words.trim(),
    })),
  );
}

/** Names of files and hosts, addresses and JSON write instructions too: only the words count. */
function wordsOf(text: string): string {
  return text
    .replace(/\\[nrt]|\\u00[0-9a-f]{2}|%[0-9a-f]{2}/gi, " ")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ");
}

/** Digits that are written for letters. */
function undisguised(text: string): string[] {
  if (!DIGITS_IN_WORDS.test(text)) return [];
  return [text.replace(/[013457]/g, (digit) => LETTER_OF[digit] ?? digit)];
}

/** Letters that stand apart. */
function joined(text: string): string {
  return text.replace(/ {2,}/g, "\n").replace(/\b(\w) (?=\w\b)/g, "$1");
}

function decoded(text: string): string[] {
  const tokens = [...text.matchAll(/(?<![a-z0-9+/])[a-z0-9+/]{40,8000}/gi)].slice(0, TOKENS_MAX);
  return tokens.flatMap(([token]) => decodeBase64(token) ?? []);
}

/** Whether 40 characters of base64 stand in a row, digests in hexadecimal aside; looks at every fortieth at best. */
function hasLongRun(utf8: Uint8Array): boolean {
  for (let end = RUN - 1; end < utf8.length;) {
    let at = end;
    let cases = 0;
    for (; at > end - RUN; at--) {
      const kind = BASE64_KIND[utf8[at]!]!;
      if (kind === 0) break;
      cases |= kind;
    }
    const isWhole = at === end - RUN;
    if (isWhole && cases === BOTH_CASES) return true;
    end = isWhole ? end + RUN : at + RUN;
  }
  return false;
}

/** Text behind base64, UTF-16 too; null when it is no text. */
function decodeBase64(token: string): string | null {
  const whole = token.slice(0, token.length - (token.length % 4 === 1 ? 1 : 0));
  try {
    const text = atob(whole).replaceAll("\u0000", "");
    return /^[\t\n\r -~]{20,}$/.test(text) && text.includes(" ") ? text : null;
  } catch {
    return null;
  }
}

/** Full-width, accented and look-alike letters as plain ones; what shows nothing is dropped. */
function withoutDisguise(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replace(/[\u0370-\u052f]/g, (letter) => LETTER_OF[letter] ?? letter);
}

const LETTER_OF: Record<string, string> = Object.fromEntries(
  "0o 1i 3e 4a 5s 7t \u0430a \u0435e \u043eo \u0440p \u0441c \u0445x \u0443y \u0456i \u0455s \u0501d \u03bfo \u03b1a"
    .split(" ")
    .map(([from, to]) => [from, to]),
);
const ODD_WORD = "(?:\\d{1,2}[a-z]{2,9}|[a-z]{1,9}\\d)[a-z\\d]{0,9}";
const DIGITS_IN_WORDS = new RegExp(`\\b${ODD_WORD} ${ODD_WORD} ${ODD_WORD}`, "i");

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const RUN = 40;
const SPACE = 32;
const BANG = 33;
const BRACKET = 91;
const APART_MIN = 3;
/** 1: of base64; with 2 and 4 added for letters, small and capital, that no digest in hexadecimal has; 0: another. */
const BASE64_KIND = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (!/[a-z0-9+/]/i.test(character)) return 0;
  return /[g-z]/.test(character) ? 3 : /[G-Z]/.test(character) ? 5 : 1;
});
const BOTH_CASES = 7;

const FOUR_LETTERS = 0xf_ffff;
const THREE_LETTERS = 0x7fff;
const FOLD = foldTable();
const RARE = new Set(RARE_LETTERS.map(keyOf));
/** Whether four letters may be rare ones, by their last three: a table small enough to stay near the processor. */
const RARE_ENDS = new Uint8Array(THREE_LETTERS + 1);
for (const key of RARE) RARE_ENDS[key & THREE_LETTERS] = 1;

/** Five bits a character: its place in the alphabet, digits as the letters they are written for; 0 for the rest. */
function foldTable(): Uint8Array {
  const fold = new Uint8Array(256);
  for (let place = 1; place <= 26; place++) fold[place + 64] = fold[place + 96] = place;
  for (const digit of "013457") fold[digit.charCodeAt(0)] = placeOf(LETTER_OF[digit] ?? "");
  return fold;
}

function keyOf(four: string): number {
  return [...four].reduce((key, letter) => (key << 5) | placeOf(letter), 0);
}

function placeOf(letter: string): number {
  return letter >= "a" ? letter.charCodeAt(0) - 96 : 0;
}

/** One pass over the bytes: the many texts that hold nothing of the kind are let go after it, unread. */
function scan(utf8: Uint8Array): { isRare: boolean; isApart: boolean; isAscii: boolean } {
  const length = utf8.length;
  let [key, high, spaceAt, apart, most] = [0, 0, -1, 0, 0];
  let isRare = false;
  for (let at = 0; at < length; at++) {
    const byte = utf8[at]!;
    high |= byte;
    key = ((key << 5) | FOLD[byte]!) & FOUR_LETTERS;
    if (RARE_ENDS[key & THREE_LETTERS] === 1 && RARE.has(key)) isRare = true;
    if (byte === SPACE) {
      apart = at - spaceAt === 2 ? apart + 1 : 0;
      if (apart > most) most = apart;
      spaceAt = at;
    } else if (byte === BRACKET && utf8[at - 1] === BANG) isRare = true;
  }
  return { isRare, isApart: most >= APART_MIN, isAscii: high < 128 };
}
