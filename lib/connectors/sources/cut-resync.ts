import { newScan, scanValue, skipSpace } from "./json-scan.ts";
import type { Scan, ScanStop } from "./json-scan.ts";
import type { Cutter } from "./cut.ts";

/**
 * A broken record for which the place where reading goes on is still being looked for. Places are
 * counted from the record's first byte, and each search goes on where it stopped when more bytes arrive.
 */
export type Broken = {
  outcome: ScanStop["outcome"];
  at: number;
  /** The bytes begin no record at all. */
  junk: boolean;
  next: NextSearch | "none" | null;
  line: { from: number; indent: number } | null;
};

/** What follows a record that lost its end: a whole value, then a comma, then the next record. */
type NextSearch = {
  lineEnd: number;
  scan: Scan;
  read: number;
  phase: "value" | "comma" | "record";
};

/** Bytes read twice after broken records; bounded so that no body costs quadratic time. */
const REREAD_LIMIT = 64_000_000;
/** No list of records is indented deeper; a deeper line is not read to its first letter. */
const INDENT_MAX = 1_000;
const DEEPER = 4;

/**
 * Where reading goes on after a broken record: the next line that begins a record no deeper than
 * the broken one, or a little deeper when there is none. Null: not in these bytes, wait for more.
 */
export function resync(
  cutter: Cutter,
  broken: Broken,
  bytes: Uint8Array,
  start: number,
  last: boolean,
): number | null {
  const mayWait = !last && bytes.length - start <= cutter.recordBytes;
  if (broken.line === null) {
    const next = nextRecordAt(cutter, broken, bytes, start, mayWait);
    if (next === "wait") return null;
    if (next !== null) return next;
    broken.line = firstLineSearch(cutter, broken);
  }
  const { line } = broken;
  const found = recordLine(cutter, bytes, start + line.from, line.indent);
  line.from = found.at - start;
  if (!found.begins && mayWait) return null;
  const nearby = Math.max(start, start + broken.at - 1);
  if (found.begins) {
    cutter.reread += Math.max(0, start + broken.at - found.at);
    return found.at;
  }
  if (line.indent > cutter.indent) return bytes.length;
  const deeper = recordLine(cutter, bytes, nearby, cutter.indent + DEEPER);
  if (!deeper.begins) return bytes.length;
  cutter.reread += bytes.length - deeper.at;
  return deeper.at;
}

/** Once too much was read twice, one search forward from the break has to do: it reads nothing again. */
function firstLineSearch(cutter: Cutter, broken: Broken): { from: number; indent: number } {
  if (cutter.reread < REREAD_LIMIT) return { from: 0, indent: cutter.indent };
  return { from: Math.max(0, broken.at - 1), indent: cutter.indent + DEEPER };
}

/**
 * A record that lost its end breaks exactly where the next one begins. The line end before that, when
 * a whole value stands there and more records or the end of the list follow; a mere part of the broken
 * record is never taken for a record.
 */
function nextRecordAt(
  cutter: Cutter,
  broken: Broken,
  bytes: Uint8Array,
  start: number,
  mayWait: boolean,
): number | "wait" | null {
  if (!cutter.inArray) return null;
  broken.next ??= cutter.reread < REREAD_LIMIT ? nextSearch(broken, bytes, start) : "none";
  if (broken.next === "none") return null;
  const { next } = broken;
  const end = bytes.length;
  if (next.phase === "value") {
    const stop = scanValue(next.scan, bytes, start + next.read, end, !mayWait);
    next.read = stop.at - start;
    if (stop.outcome === "incomplete" && mayWait) return "wait";
    cutter.reread += next.read - broken.at;
    if (stop.outcome !== "complete") return null;
    next.phase = "comma";
  }
  for (;;) {
    const i = skipSpace(bytes, start + next.read, end);
    next.read = i - start;
    if (i >= end && mayWait) return "wait";
    const lineEnd = start + next.lineEnd;
    if (next.phase === "record") return bytes[i] === 0x7b ? lineEnd : null;
    if (bytes[i] === 0x5d) return lineEnd;
    if (bytes[i] !== 0x2c) return null;
    next.phase = "record";
    next.read++;
  }
}

function nextSearch(broken: Broken, bytes: Uint8Array, start: number): NextSearch | "none" {
  const brokenAt = start + broken.at;
  if (bytes[brokenAt] !== 0x7b) return "none";
  let lineEnd = brokenAt - 1;
  while (lineEnd > start && (bytes[lineEnd] === 0x20 || bytes[lineEnd] === 0x09)) lineEnd--;
  if (lineEnd <= start || bytes[lineEnd] !== 0x0a) return "none";
  return { lineEnd: lineEnd - start, scan: newScan(), read: broken.at, phase: "value" };
}

/**
 * The line end before the next line that begins a record, indented by no more than `indent`; or, when
 * these bytes hold none, where to look on once there are more.
 */
function recordLine(
  cutter: Cutter,
  bytes: Uint8Array,
  from: number,
  indent: number,
): { begins: boolean; at: number } {
  const most = Math.min(indent, INDENT_MAX);
  let at = bytes.indexOf(0x0a, from);
  while (at !== -1) {
    let i = at + 1;
    while (i - at - 1 <= most && (bytes[i] === 0x20 || bytes[i] === 0x09)) i++;
    if (i >= bytes.length) return { begins: false, at };
    const byte = bytes[i];
    const begins = byte === 0x7b || (byte === 0x5b && !cutter.inArray);
    if (begins && i - at - 1 <= most) return { begins: true, at };
    at = bytes.indexOf(0x0a, i);
  }
  return { begins: false, at: bytes.length };
}
