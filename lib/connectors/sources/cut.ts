import { newScan, scanValue } from "./json-scan.ts";
import type { Scan } from "./json-scan.ts";
import { resync } from "./cut-resync.ts";
import type { Broken } from "./cut-resync.ts";
import { alertsInside, isSeparator, wrappedArray, wrapperArrayAt } from "./cut-wrapper.ts";

/**
 * One record of a request, cut out byte for byte. With `error` the bytes could not be cut into a
 * JSON value; they are kept so that nothing sent is lost. `index` counts from 0, `line` from 1.
 */
export type RawRecord = { index: number; bytes: Uint8Array; error?: string; line?: number };

/** Splitting in progress: where the reading stands. */
export type Cutter = {
  index: number;
  line: number;
  indent: number;
  inArray: boolean;
  /** Inside a wrapper that never closed properly: its closing brace is no record. */
  salvaging: boolean;
  copy: boolean;
  recordBytes: number;
  /** A value that had not ended, or had no successor yet, when the bytes ran out. */
  pending: Pending | null;
  /** Bytes read twice after broken records. */
  reread: number;
};

/** `read` is how many of the value's bytes were scanned. */
type Pending = { scan: Scan; read: number; broken: Broken | null };

export function newCutter(copy: boolean, recordBytes: number): Cutter {
  return {
    index: 0,
    line: 1,
    indent: 0,
    inArray: false,
    salvaging: false,
    copy,
    recordBytes,
    pending: null,
    reread: 0,
  };
}

/** A sentence when the bytes cannot be JSON text at all, else null. */
export function refuseBody(bytes: Uint8Array): string | null {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0x7b && b === 0)) {
    return "the body is UTF-16; send it as UTF-8";
  }
  if (a === 0x1f && b === 0x8b) return "the body is gzip; say so with Content-Encoding: gzip";
  if (startsWith(bytes, "ElfFile")) return "the body is a binary .evtx file; export it as JSON";
  let i = 0;
  while (i < bytes.length && isSeparator(bytes[i])) i++;
  if (bytes[i] === 0x3c) return "the body is XML; send JSON";
  return i === bytes.length ? "the body is empty" : null;
}

/**
 * Cuts the records out of `bytes`, each when it is asked for; returns how many bytes are done with.
 * Those that are not come again in front of what arrives next, and are not read again.
 */
export function* cutValues(
  cutter: Cutter,
  bytes: Uint8Array,
  last: boolean,
): Generator<RawRecord, number> {
  let pos = 0;
  for (;;) {
    if (!cutter.pending) pos = skipStructure(cutter, bytes, pos);
    if (pos >= bytes.length) return pos;
    const value = (cutter.pending ??= begun(cutter, bytes, pos));
    if (value.broken === null) {
      const stop = scanValue(value.scan, bytes, pos + value.read, bytes.length, last);
      value.read = stop.at - pos;
      if (stop.outcome === "complete") {
        cutter.pending = null;
        yield* cutValue(cutter, bytes, pos, stop.at);
        pos = stop.at;
        continue;
      }
      const waits = stop.outcome === "incomplete" && !last;
      if (waits && bytes.length - pos <= cutter.recordBytes) return pos;
      const salvaged = cutter.inArray ? null : wrapperArrayAt(bytes, pos);
      if (salvaged !== null) {
        cutter.pending = null;
        cutter.inArray = true;
        cutter.salvaging = true;
        pos = salvaged;
        continue;
      }
      value.broken = { outcome: stop.outcome, at: value.read, junk: false, next: null, line: null };
    }
    const next = resync(cutter, value.broken, bytes, pos, last);
    if (next === null) return pos;
    cutter.pending = null;
    yield brokenRecord(cutter, bytes, pos, next, whyBroken(value.broken, last));
    countLines(cutter, bytes, pos, next);
    pos = next;
  }
}

/** Outside an array only an object is a record. */
function begun(cutter: Cutter, bytes: Uint8Array, pos: number): Pending {
  const junk = bytes[pos] !== 0x7b && !cutter.inArray;
  const broken: Broken = { outcome: "broken", at: 0, junk, next: null, line: null };
  return { scan: newScan(), read: 0, broken: junk ? broken : null };
}

function whyBroken({ junk, outcome, at }: Broken, last: boolean): string {
  if (junk) return "not JSON";
  if (outcome !== "incomplete") return `not valid JSON: it breaks at byte ${at} of the record`;
  return last
    ? "the record is cut off before it ends"
    : "the record is longer than a record may be";
}

/** Steps over what stands between records: separators, and the brackets of the lists they are in. */
function skipStructure(cutter: Cutter, bytes: Uint8Array, from: number): number {
  for (let pos = from; ; pos++) {
    pos = skipSeparators(cutter, bytes, pos);
    const byte = bytes[pos];
    if (byte === 0x5b && !cutter.inArray) cutter.inArray = true;
    else if (byte === 0x5d && cutter.inArray) cutter.inArray = false;
    else if (byte !== 0x7d || !cutter.salvaging || cutter.inArray) return pos;
  }
}

function skipSeparators(cutter: Cutter, bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && isSeparator(bytes[i])) {
    if (bytes[i] === 0x0a) {
      cutter.line++;
      cutter.indent = 0;
    } else cutter.indent++;
    i++;
  }
  return i;
}

/** One whole value: a record, a wrapper of records, or an incident with its alerts inside. */
function* cutValue(
  cutter: Cutter,
  bytes: Uint8Array,
  start: number,
  end: number,
): Iterable<RawRecord> {
  const first = cutter.index === 0 && !cutter.inArray;
  const list = bytes[start] === 0x7b && (first || wrapperArrayAt(bytes, start) !== null);
  const span = list ? wrappedArray(bytes, start, end) : null;
  if (span) {
    const nested = { ...cutter, pending: null, inArray: false };
    yield* cutValues(nested, bytes.subarray(...span), true);
    cutter.index = nested.index;
  } else {
    yield record(cutter, bytes, start, end);
    for (const alert of alertsInside(bytes, start, end)) yield record(cutter, bytes, ...alert);
  }
  countLines(cutter, bytes, start, end);
}

function brokenRecord(
  cutter: Cutter,
  bytes: Uint8Array,
  start: number,
  end: number,
  reason: string,
): RawRecord {
  let stop = end;
  while (stop > start && isSeparator(bytes[stop - 1])) stop--;
  return { ...record(cutter, bytes, start, stop), error: `line ${cutter.line}: ${reason}` };
}

function record(cutter: Cutter, bytes: Uint8Array, start: number, end: number): RawRecord {
  const span = cutter.copy ? bytes.slice(start, end) : bytes.subarray(start, end);
  return { index: cutter.index++, bytes: span, line: cutter.line };
}

function countLines(cutter: Cutter, bytes: Uint8Array, start: number, end: number): void {
  const span = bytes.subarray(start, end);
  for (let at = span.indexOf(0x0a); at !== -1; at = span.indexOf(0x0a, at + 1)) {
    cutter.line++;
  }
}

function startsWith(bytes: Uint8Array, ascii: string): boolean {
  return ascii.length <= bytes.length && [...ascii].every((c, i) => bytes[i] === c.charCodeAt(0));
}
