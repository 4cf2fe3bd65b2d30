import { indexOfText } from "./find-text.ts";

/**
 * Finds a value in the raw text of a record although the record spells it with escapes: JSON in
 * JSON up to three deep (`C:\\\\Windows`), `\u003c`, other case. Offsets are always those of the raw
 * text, so what is found can be quoted verbatim.
 */

/** A place in the raw text, `[start, end)` in UTF-16 units, and how it was spelled there. */
export type Found = { start: number; end: number; depth: number; sameCase: boolean };

/** One raw text with its unescaped readings, made when first needed. */
export type RawText = { raw: string; layers: Layer[] };

/** `map[i]` is where the character `i` of `text` starts in the raw text; null: the raw text itself. */
type Layer = { text: string; folded: string; map: Int32Array | null };

const MAX_DEPTH = 3;
const MAX_HITS = 40;
/** Places that turn out to be inside longer words. */
const MAX_TRIES = 2000;
const MAX_REMEMBERED = 32;
const MAX_KEPT = 300_000;
const remembered = new Map<string, RawText>();
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** The last few are remembered: one record is asked about many things in turn. */
export function readRaw(raw: string): RawText {
  const known = remembered.get(raw);
  if (known) return known;
  const made: RawText = { raw, layers: [{ text: raw, folded: fold(raw), map: null }] };
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  if (raw.length <= MAX_KEPT) remembered.set(raw, made);
  return made;
}

/**
 * Every place where the value stands as a whole token, the least escaped reading first. `cutOff`
 * says that the value is only the beginning of a longer one, so it may end within a word.
 */
export function findValue(source: RawText, value: string, cutOff = false): Found[] {
  if (value === "") return [];
  const needle = fold(value);
  const hits: Found[] = [];
  for (let depth = 0; depth <= MAX_DEPTH && hits.length < MAX_HITS; depth++) {
    const layer = layerAt(source, depth);
    if (!layer) break;
    let at = indexOfText(layer.folded, needle);
    for (let n = 0; at >= 0 && n < MAX_TRIES; n++, at = indexOfText(layer.folded, needle, at + 1)) {
      const end = at + needle.length;
      if (!isToken(layer.text, at, end, cutOff)) continue;
      const sameCase = layer.text.startsWith(value, at);
      hits.push({ start: rawAt(layer, at), end: rawAt(layer, end), depth, sameCase });
      if (hits.length >= MAX_HITS) break;
    }
  }
  return hits;
}

function layerAt(source: RawText, depth: number): Layer | null {
  const known = source.layers[depth];
  if (known) return known;
  const below = source.layers[depth - 1];
  if (!below?.text.includes("\\")) return null;
  const layer = unescape(below);
  source.layers[depth] = layer;
  return layer;
}

function rawAt(layer: Layer, at: number): number {
  return layer.map ? (layer.map[at] ?? 0) : at;
}

/** Undoes one level of JSON string escapes everywhere; what is no escape stays as it is. */
function unescape(below: Layer): Layer {
  const { text } = below;
  const map = new Int32Array(text.length + 1);
  const out: string[] = [];
  let length = 0;
  for (let at = 0; at < text.length;) {
    const [char, used] = readChar(text, at);
    out.push(char);
    map[length++] = rawAt(below, at);
    at += used;
  }
  map[length] = rawAt(below, text.length);
  const decoded = out.join("");
  return { text: decoded, folded: fold(decoded), map: map.slice(0, length + 1) };
}

function readChar(text: string, at: number): [char: string, used: number] {
  const char = text.charAt(at);
  if (char !== "\\" || at + 1 >= text.length) return [char, 1];
  const next = text.charAt(at + 1);
  if (next === "u") {
    const hex = text.slice(at + 2, at + 6);
    if (/^[0-9a-fA-F]{4}$/.test(hex)) return [String.fromCharCode(Number.parseInt(hex, 16)), 6];
    return [char, 1];
  }
  if (next === "\\" || next === '"' || next === "/") return [next, 2];
  const control = ESCAPES[next];
  return control === undefined ? [char, 1] : [control, 2];
}

/** ASCII letters in lower case; the length never changes, unlike with toLowerCase. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

function isToken(text: string, start: number, end: number, cutOff: boolean): boolean {
  if (isWord(text.charAt(start)) && isWord(text.charAt(start - 1))) return false;
  return cutOff || !(isWord(text.charAt(end - 1)) && isWord(text.charAt(end)));
}

function isWord(char: string): boolean {
  return char !== "" && /[\p{L}\p{N}_]/u.test(char);
}
