/**
 * Other readings of a text, each with where its characters came from, so that what is found in one can be replaced
 * in the text itself.
 */
export type Reading = {
  text: string;
  /** What this is a reading of; null: the text itself. */
  of: Reading | null;
  /** Where each piece starts here and there; an escape is a piece of its own. In order. */
  here: number[];
  there: number[];
};

const LAYERS_MAX = 3;
const ESCAPE =
  /\\(?:u([0-9a-fA-F]{4})|([bfnrt"\\/'&-]))|%([0-9a-fA-F]{2})|&(?:#(\d{1,6})|#x([0-9a-fA-F]{1,5})|(quot|apos|amp|lt|gt));/g;
const SHORT: Record<string, string> = { b: " ", f: " ", n: "\n", r: "\r", t: "\t" };
const NAMED: Record<string, string> = { quot: '"', apos: "'", amp: "&", lt: "<", gt: ">" };

/** The text with its JSON, percent and XML escapes read, layer by layer, as long as that changes something. */
export function readings(text: string): Reading[] {
  const found: Reading[] = [{ text, of: null, here: [], there: [] }];
  for (let layer = 0; layer < LAYERS_MAX; layer++) {
    const before = found.at(-1);
    const next = before && unescaped(before);
    if (!next) break;
    found.push(next);
  }
  return found;
}

/** Where a place in a reading stands in the text itself. */
export function placeOf(reading: Reading, at: number): number {
  if (reading.of === null) return at;
  const { here, there, of } = reading;
  const piece = lastNotAbove(here, at);
  const [start = 0, end = Infinity] = there.slice(piece, piece + 2);
  return placeOf(of, Math.min(start + at - (here[piece] ?? 0), end));
}

/** The index of the last number that is not above `value`, of numbers in order; 0 when all are. */
export function lastNotAbove(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function unescaped(of: Reading): Reading | null {
  const { text } = of;
  if (!/[\\%&]/.test(text)) return null;
  const [here, there]: [number[], number[]] = [[], []];
  let out = "";
  let from = 0;
  const put = (piece: string, at: number) => {
    here.push(out.length);
    there.push(at);
    out += piece;
  };
  for (const match of text.matchAll(ESCAPE)) {
    if (match.index > from) put(text.slice(from, match.index), from);
    put(meaning(match), match.index);
    from = match.index + match[0].length;
  }
  if (from === 0) return null;
  put(text.slice(from), from);
  return { text: out, of, here, there };
}

function meaning(match: RegExpExecArray): string {
  const [, unicode, short, percent, decimal, hex, named] = match;
  if (short !== undefined) return SHORT[short] ?? short;
  if (named !== undefined) return NAMED[named] ?? "";
  const code = unicode ?? percent ?? hex;
  const value = code === undefined ? Number(decimal) : Number.parseInt(code, 16);
  return value > 0xffff ? "\ufffd" : String.fromCharCode(value);
}

export type Blob = { start: number; end: number; text: string };

const RUN_MIN = 20;
const RUN_MAX = 65_536;
/** By character code: part of a run of base64 digits. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Runs of base64 or hexadecimal digits that are text when they are decoded (UTF-8, or UTF-16 as PowerShell has it). */
export function blobs(text: string): Blob[] {
  const found: Blob[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (DIGITS[text.charCodeAt(at)] === 1) continue;
    if (at - start >= RUN_MIN) {
      const decoded = decodedRun(text.slice(start, Math.min(at, start + RUN_MAX)));
      if (decoded !== null) found.push({ start, end: at, text: decoded });
    }
    start = at + 1;
  }
  return found;
}

function decodedRun(run: string): string | null {
  const isHex = /^(?:[0-9A-Fa-f]{2})+$/.test(run);
  if (!isHex && /^[0-9a-f-]+$/i.test(run)) return null;
  const encoding = isHex ? "hex" : "base64";
  if (asText(Buffer.from(run.slice(0, 64), encoding)) === null) return null;
  return asText(Buffer.from(run, encoding))?.replaceAll("\0", " ") ?? null;
}

/** Null when the bytes are no text: more than one in twenty of the first hundred is none. */
function asText(bytes: Buffer): string | null {
  if (bytes.length < 8) return null;
  const isWide = isMostly(bytes, (at) => at % 2 === 0 || bytes[at] === 0) && bytes[1] === 0;
  if (isWide) return bytes.toString("utf16le");
  const isPlain = isMostly(bytes, (at) => {
    const byte = bytes[at] ?? 0;
    return (byte >= 0x20 && byte < 0x7f) || byte === 0 || (byte >= 0x09 && byte <= 0x0d);
  });
  return isPlain ? bytes.toString("utf8") : null;
}

function isMostly(bytes: Buffer, holds: (at: number) => boolean): boolean {
  const looked = Math.min(bytes.length, 100);
  let bad = 0;
  for (let at = 0; at < looked; at++) {
    if (!holds(at)) bad++;
  }
  return bad * 20 <= looked;
}
