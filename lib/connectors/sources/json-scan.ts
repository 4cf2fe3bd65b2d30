/**
 * A JSON scanner over bytes: it finds where a value ends without building it, so that evidence can
 * be cut out of a body exactly as it was sent. It checks the grammar (RFC 8259) closely enough to
 * notice a broken record where it breaks: brackets, commas, colons, strings, bare words.
 */

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const NEWLINE = 0x0a;

/** What may come next. */
const VALUE = 0;
const VALUE_OR_CLOSE = 1;
const KEY = 2;
const KEY_OR_CLOSE = 3;
const AFTER_KEY = 4;
const AFTER_VALUE = 5;
const IN_STRING = 6;
const IN_ESCAPE = 7;
const IN_WORD = 8;

/** A scan of one value that can be continued when more bytes arrive. */
export type Scan = {
  state: number;
  /** True while the string being read is a key. */
  key: boolean;
  depth: number;
  /** One bit per level: 1 for object, 0 for array. Grows as needed. */
  levels: Uint8Array;
  maxDepth: number;
};

/** `at` is the index after the value, of the offending byte, or of the end of the bytes. */
export type ScanStop = { outcome: "complete" | "broken" | "incomplete"; at: number };

export function newScan(): Scan {
  return {
    state: VALUE,
    key: false,
    depth: 0,
    levels: new Uint8Array(64),
    maxDepth: 0,
  };
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

/** Reads on from `from`. A top-level number is complete only at a delimiter or with `last`. */
export function scanValue(
  scan: Scan,
  bytes: Uint8Array,
  from: number,
  to: number,
  last: boolean,
): ScanStop {
  let i = from;
  while (i < to) {
    const byte = bytes[i] as number;
    if (scan.state === IN_STRING) {
      i = skipString(bytes, i, to);
      if (i >= to) break;
      const stop = bytes[i] as number;
      if (stop === BACKSLASH) scan.state = IN_ESCAPE;
      else if (stop === QUOTE) scan.state = scan.key ? AFTER_KEY : AFTER_VALUE;
      else return { outcome: "broken", at: i };
      i++;
      if (scan.depth === 0 && scan.state === AFTER_VALUE) return { outcome: "complete", at: i };
      continue;
    }
    if (scan.state === IN_ESCAPE) {
      if (!isEscape(byte)) return { outcome: "broken", at: i };
      scan.state = IN_STRING;
      i++;
      continue;
    }
    if (scan.state === IN_WORD) {
      if (isWordByte(byte)) {
        i++;
        continue;
      }
      scan.state = AFTER_VALUE;
      if (scan.depth === 0) return { outcome: "complete", at: i };
    }
    if (isSpace(byte)) {
      i++;
      continue;
    }
    if (!step(scan, byte)) return { outcome: "broken", at: i };
    i++;
    if (scan.depth === 0 && scan.state === AFTER_VALUE) return { outcome: "complete", at: i };
  }
  if (last && scan.state === IN_WORD && scan.depth === 0) return { outcome: "complete", at: to };
  return { outcome: "incomplete", at: to };
}

/** The next byte inside a string that matters: a quote, a backslash or a control character. */
function skipString(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const byte = bytes[i] as number;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) return i;
    i++;
  }
  return i;
}

/** One structural byte. False when the grammar does not allow it here. */
function step(scan: Scan, byte: number): boolean {
  switch (byte) {
    case OPEN_OBJECT:
    case OPEN_ARRAY:
      return open(scan, byte === OPEN_OBJECT);
    case CLOSE_OBJECT:
      return close(scan, true, scan.state === KEY_OR_CLOSE || scan.state === AFTER_VALUE);
    case CLOSE_ARRAY:
      return close(scan, false, scan.state === VALUE_OR_CLOSE || scan.state === AFTER_VALUE);
    case QUOTE:
      if (scan.state === KEY || scan.state === KEY_OR_CLOSE) scan.key = true;
      else if (scan.state === VALUE || scan.state === VALUE_OR_CLOSE) scan.key = false;
      else return false;
      scan.state = IN_STRING;
      return true;
    case COLON:
      if (scan.state !== AFTER_KEY) return false;
      scan.state = VALUE;
      return true;
    case COMMA:
      if (scan.state !== AFTER_VALUE || scan.depth === 0) return false;
      scan.state = scan.levels[scan.depth - 1] === 1 ? KEY : VALUE;
      return true;
    default:
      if (!isWordByte(byte)) return false;
      if (scan.state !== VALUE && scan.state !== VALUE_OR_CLOSE) return false;
      scan.state = IN_WORD;
      return true;
  }
}

function open(scan: Scan, object: boolean): boolean {
  if (scan.state !== VALUE && scan.state !== VALUE_OR_CLOSE) return false;
  if (scan.depth === scan.levels.length) {
    const wider = new Uint8Array(scan.levels.length * 2);
    wider.set(scan.levels);
    scan.levels = wider;
  }
  scan.levels[scan.depth++] = object ? 1 : 0;
  if (scan.depth > scan.maxDepth) scan.maxDepth = scan.depth;
  scan.state = object ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
  return true;
}

function close(scan: Scan, object: boolean, allowed: boolean): boolean {
  if (!allowed || scan.depth === 0 || scan.levels[scan.depth - 1] !== (object ? 1 : 0))
    return false;
  scan.depth--;
  scan.state = AFTER_VALUE;
  return true;
}

/** Letters, digits, sign and point: numbers, true, false, null. JSON.parse judges the rest. */
function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  );
}

function isEscape(byte: number): boolean {
  // " \ / b f n r t u
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 0x2f ||
    byte === 0x62 ||
    byte === 0x66 ||
    byte === 0x6e ||
    byte === 0x72 ||
    byte === 0x74 ||
    byte === 0x75
  );
}

/**
 * Shows `visit` the members of the object at `start`, in order: the key as text and the span of the
 * value. Ends early when `visit` answers false. True when the walk came to the end of a whole object.
 */
export function walkMembers(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (key: string, start: number, end: number) => boolean,
): boolean {
  let i = skipSpace(bytes, start, end);
  if (bytes[i] !== OPEN_OBJECT) return false;
  i++;
  for (let first = true; ; first = false) {
    i = skipSpace(bytes, i, end);
    if (bytes[i] === CLOSE_OBJECT) return true;
    if (bytes[i] === COMMA && !first) i = skipSpace(bytes, i + 1, end);
    const keyEnd = valueEnd(bytes, i, end);
    if (keyEnd === null || bytes[i] !== QUOTE) return false;
    const key = text(bytes, i, keyEnd);
    i = skipSpace(bytes, keyEnd, end);
    if (bytes[i] !== COLON) return false;
    i = skipSpace(bytes, i + 1, end);
    const stop = valueEnd(bytes, i, end);
    if (stop === null || !visit(key, i, stop)) return false;
    i = stop;
  }
}

export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && isSpace(bytes[i])) i++;
  return i;
}

function valueEnd(bytes: Uint8Array, from: number, to: number): number | null {
  const stop = scanValue(newScan(), bytes, from, to, true);
  return stop.outcome === "complete" ? stop.at : null;
}

const utf8 = new TextDecoder();

function text(bytes: Uint8Array, start: number, end: number): string {
  const raw = utf8.decode(bytes.subarray(start, end));
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw;
  }
}
