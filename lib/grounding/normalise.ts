import { characterFold, isExtend, isInvisible } from "./characters.ts";

/**
 * Text made comparable, with the way back. Unit `i` of `text` came from the raw units
 * `[map[i], ends[i])`; both grow with `i` and never leave the raw text (UTF-16 offsets).
 */
export type Normalised = { raw: string; text: string; map: Uint32Array; ends: Uint32Array };

type Draft = { text: string; map: Uint32Array; ends: Uint32Array };
type Edit = { start: number; end: number; text: string };

/** UAX 15's stream-safe limit: more marks on one letter are noise and may be dropped. */
const MAX_MARKS = 30;
/** Printable ASCII that no step would touch. */
const UNTOUCHED = /^[\x20-\x27\x29-\x5a\x5d-\x7a\x7c-\x7e]*$/;
const DEFANGED_SCHEME = /\b(?:h[tx*]{2}p|fxp)(?=s?(?::|[[({]:))/gi;
const DAMAGED = /[\b\f\n\r\t\v]/;
const CLOSERS = "])}";
const ENDS_PATH = new Set([..."\"'<>|"].map((c) => c.charCodeAt(0)));
const DAMAGE: Record<string, string> = {
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
  "\v": "v",
};

/**
 * In this order: NFKC and invisible characters out (together, so that a letter finds its accent),
 * dashes, quotes and blanks folded, defanged addresses restored, runs of backslashes collapsed,
 * JSON escape damage in paths repaired. Case is kept: it is folded by type, as are look-alike
 * letters (`homoglyphs.ts`). Idempotent; the time grows with the length alone.
 */
export function normalise(raw: string): Normalised {
  if (UNTOUCHED.test(raw) && !/h[tx*]{2}p|fxp/i.test(raw)) return { raw, ...untouched(raw) };
  let draft = foldCharacters(raw);
  draft = applyEdits(draft, refang(draft.text));
  draft = applyEdits(draft, collapse(draft.text));
  draft = applyEdits(draft, repairEscapes(draft.text));
  return { raw, ...draft };
}

/** The text of `normalise` alone, for comparisons that need no way back. */
export function comparable(raw: string): string {
  return UNTOUCHED.test(raw) && !/h[tx*]{2}p|fxp/i.test(raw) ? raw : normalise(raw).text;
}

/** Raw offsets `[start, end)` of a normalised span, without invisible characters at its edges. */
export function toRaw(text: Normalised, start: number, end: number): [number, number] {
  const from = text.map[start] ?? text.raw.length;
  const to = end >= text.map.length ? text.raw.length : (text.ends[end - 1] ?? from);
  return [from, Math.max(from, to)];
}

function untouched(raw: string): Draft {
  const map = new Uint32Array(raw.length);
  const ends = new Uint32Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    map[i] = i;
    ends[i] = i + 1;
  }
  return { text: raw, map, ends };
}

/** Cluster by cluster: a character with its marks, and the invisible ones that follow it. */
function foldCharacters(raw: string): Draft {
  const out = newWriter(raw.length);
  for (let at = 0; at < raw.length;) {
    const plain = plainRun(raw, at);
    if (plain > at) {
      writeRun(out, raw, at, plain);
      at = plain;
      continue;
    }
    const start = at;
    const code = raw.codePointAt(at) ?? 0;
    at += code > 0xffff ? 2 : 1;
    let end = isInvisible(code) ? start : at;
    let marks = "";
    let kept = 0;
    for (let next = raw.codePointAt(at); next !== undefined && isExtend(next);) {
      const width = next > 0xffff ? 2 : 1;
      if (!isInvisible(next)) {
        if (kept++ < MAX_MARKS) marks += raw.slice(at, at + width);
        end = at + width;
      }
      at += width;
      next = raw.codePointAt(at);
    }
    write(out, characterFold(code, marks), start, end);
  }
  const { length } = out;
  return {
    text: out.parts.join(""),
    map: out.map.subarray(0, length),
    ends: out.ends.subarray(0, length),
  };
}

/** The end of the run of ASCII from `at` on that nothing joins. */
function plainRun(raw: string, at: number): number {
  let end = at;
  while (end < raw.length && raw.charCodeAt(end) < 0x80) end++;
  const joined = end > at && end < raw.length && isExtend(raw.codePointAt(end) ?? 0);
  return joined ? end - 1 : end;
}

type Writer = { parts: string[]; map: Uint32Array; ends: Uint32Array; length: number };

function newWriter(size: number): Writer {
  return { parts: [], map: new Uint32Array(size), ends: new Uint32Array(size), length: 0 };
}

function writeRun(out: Writer, raw: string, start: number, end: number): void {
  grow(out, end - start);
  out.parts.push(raw.slice(start, end));
  for (let i = start; i < end; i++) {
    out.map[out.length] = i;
    out.ends[out.length++] = i + 1;
  }
}

function write(out: Writer, text: string, start: number, end: number): void {
  if (text === "") return;
  grow(out, text.length);
  out.parts.push(text);
  for (let i = 0; i < text.length; i++) {
    out.map[out.length] = start;
    out.ends[out.length++] = end;
  }
}

/** NFKC makes up to 18 characters of one. */
function grow(out: Writer, by: number): void {
  if (out.length + by <= out.map.length) return;
  const size = Math.max(out.length + by, out.map.length * 2, 64);
  const [map, ends] = [new Uint32Array(size), new Uint32Array(size)];
  map.set(out.map);
  ends.set(out.ends);
  Object.assign(out, { map, ends });
}

function applyEdits(draft: Draft, edits: Edit[]): Draft {
  if (edits.length === 0) return draft;
  const grown = edits.reduce((n, e) => n + e.text.length - (e.end - e.start), 0);
  const map = new Uint32Array(draft.text.length + grown);
  const ends = new Uint32Array(map.length);
  const parts: string[] = [];
  let at = 0;
  let out = 0;
  for (const edit of edits) {
    parts.push(draft.text.slice(at, edit.start), edit.text);
    for (; at < edit.start; at++, out++) copy(draft, at, map, ends, out);
    const same = edit.text.length === edit.end - edit.start;
    for (let i = 0; i < edit.text.length; i++, out++) {
      if (same) copy(draft, edit.start + i, map, ends, out);
      else {
        map[out] = draft.map[edit.start] ?? 0;
        ends[out] = draft.ends[edit.end - 1] ?? 0;
      }
    }
    at = edit.end;
  }
  parts.push(draft.text.slice(at));
  for (; at < draft.text.length; at++, out++) copy(draft, at, map, ends, out);
  return { text: parts.join(""), map, ends };
}

function copy(from: Draft, at: number, map: Uint32Array, ends: Uint32Array, out: number): void {
  map[out] = from.map[at] ?? 0;
  ends[out] = from.ends[at] ?? 0;
}

/** hxxp, [.], (.), {.}, [dot], [:]//, [://], [/], [@], [at], and the worded ones between blanks. */
function refang(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(DEFANGED_SCHEME)) {
    if (!/[x*]/i.test(match[0])) continue;
    const end = match.index + match[0].length;
    edits.push({ start: match.index, end, text: match[0].length === 3 ? "ftp" : "http" });
  }
  for (let at = 0; at < text.length; at++) {
    if (!isOpener(text.charCodeAt(at))) continue;
    let core = at + 1;
    while (isOpener(text.charCodeAt(core))) core++;
    const edit = bracketed(text, at, core);
    if (edit) edits.push(edit);
    at = (edit ? edit.end : core) - 1;
  }
  return edits.toSorted((a, b) => a.start - b.start);
}

/** The edit for what stands in brackets from `open` on, or null when it is no defanging. */
function bracketed(text: string, open: number, core: number): Edit | null {
  if (!".dDaA@:/ ".includes(text.charAt(core))) return null;
  const inner = /^ ?(\.|dot|@|at|:\/\/|:|\/) ?(?=[\])}])/i.exec(text.slice(core, core + 6));
  if (!inner) return null;
  let start = open;
  let end = core + inner[0].length;
  while (end < text.length && CLOSERS.includes(text.charAt(end))) end++;
  const sign = (inner[1] ?? "").toLowerCase();
  if (sign !== "dot" && sign !== "at") return { start, end, text: sign };
  if (text.charAt(start - 1) === " ") start -= 1;
  if (text.charAt(end) === " ") end += 1;
  const joins = isWord(text.charAt(start - 1)) && isWord(text.charAt(end));
  return joins ? { start, end, text: sign === "at" ? "@" : "." } : null;
}

function collapse(text: string): Edit[] {
  const edits: Edit[] = [];
  for (let at = text.indexOf("\\\\"); at >= 0; at = text.indexOf("\\\\", at)) {
    let end = at;
    while (text.charAt(end) === "\\") end++;
    edits.push({ start: at, end, text: "\\" });
    at = end;
  }
  return edits;
}

/** `c:\temp<form feed>rm.txt` was `c:\temp\frm.txt` before a careless JSON round trip. */
function repairEscapes(text: string): Edit[] {
  if (!DAMAGED.test(text)) return [];
  const edits: Edit[] = [];
  let path = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x22 && code !== 0x5c && code !== 0x3a && code !== 0x2e && !ENDS_PATH.has(code))
      continue;
    const c = text.charAt(at);
    const letter = DAMAGE[c];
    if (letter && path >= 0 && goesOn(text, path, at)) {
      const backslash = text.charAt(at - 1) === "\\" ? "" : "\\";
      edits.push({ start: at, end: at + 1, text: `${backslash}${letter}` });
      continue;
    }
    if (ENDS_PATH.has(code) || code <= 0x20) path = -1;
    else if (path < 0 && (c === "\\" || isDrive(text, at) || isParent(text, at))) path = at;
  }
  return edits;
}

/**
 * Whether the path goes on behind a control character. Line ends and tabs also end sentences: they
 * are damage only right behind the drive, or when what follows still looks like a path.
 */
function goesOn(text: string, path: number, at: number): boolean {
  if (!/[\w.]/.test(text.charAt(at + 1))) return false;
  const c = text.charAt(at);
  if (c === "\f" || c === "\b" || c === "\v" || (c === "\r" && text.charAt(at + 1) !== "\n"))
    return true;
  if (at === path + 1) return true;
  if (/\.\w{1,5}$/.test(text.slice(Math.max(path, at - 8), at))) return false;
  const rest = /^[^\s\b"'<>|]{0,300}/.exec(text.slice(at + 1, at + 302))?.[0] ?? "";
  const stop = text.charAt(at + 1 + rest.length);
  return rest.includes("\\") || /\.\w{1,5}[.,;:)]?$/.test(rest) || /[\f\b\v\r]/.test(stop);
}

function isDrive(text: string, colon: number): boolean {
  if (text.charAt(colon) !== ":" || !/[a-z]/i.test(text.charAt(colon - 1))) return false;
  return !isWord(text.charAt(colon - 2));
}

/** The second dot of "..", where a name begins. */
function isParent(text: string, dot: number): boolean {
  return (
    text.charAt(dot) === "." &&
    text.charAt(dot - 1) === "." &&
    !/[^\s"'`(]/.test(text.charAt(dot - 2))
  );
}

function isOpener(code: number): boolean {
  return code === 0x5b || code === 0x28 || code === 0x7b;
}

function isWord(c: string): boolean {
  return c !== "" && /[\p{L}\p{N}_]/u.test(c);
}
