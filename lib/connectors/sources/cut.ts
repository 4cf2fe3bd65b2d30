import { isSpace, newScan, objectMembers, scanValue, skipSpace } from "./json-scan.ts";
import type { Member, Scan } from "./json-scan.ts";

/**
 * One record of a request, cut out byte for byte. With `error` the bytes could not be cut into a
 * JSON value; they are kept so that nothing sent is lost. `index` counts from 0, `line` from 1.
 */
export type RawRecord = { index: number; bytes: Uint8Array; error?: string; line?: number };

/** Splitting in progress: what has been cut and where the reading stands. */
export type Cutter = {
  out: RawRecord[];
  index: number;
  line: number;
  indent: number;
  inArray: boolean;
  /** Inside a wrapper that never closed properly: its closing brace is no record. */
  salvaging: boolean;
  copy: boolean;
  recordBytes: number;
  /** A value that had not ended when the bytes ran out: its scan and how far it came. */
  partial: { scan: Scan; read: number } | null;
  /** Bytes read twice after broken records; bounded so that no body costs quadratic time. */
  reread: number;
};

const REREAD_LIMIT = 64_000_000;

export function newCutter(copy: boolean, recordBytes: number): Cutter {
  return {
    out: [],
    index: 0,
    line: 1,
    indent: 0,
    inArray: false,
    salvaging: false,
    copy,
    recordBytes,
    partial: null,
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

/** Cuts as many records as `bytes` holds; answers how many bytes are done with. */
export function cutValues(cutter: Cutter, bytes: Uint8Array, last: boolean): number {
  let pos = 0;
  for (;;) {
    if (!cutter.partial) pos = skipSeparators(cutter, bytes, pos);
    if (pos >= bytes.length) return pos;
    const byte = bytes[pos] as number;
    if (!cutter.partial && byte === 0x5b && !cutter.inArray) {
      cutter.inArray = true;
      pos++;
      continue;
    }
    if (byte === 0x5d && cutter.inArray) {
      cutter.inArray = false;
      pos++;
      continue;
    }
    if (byte === 0x7d && cutter.salvaging && !cutter.inArray) {
      pos++;
      continue;
    }
    const junk = byte !== 0x7b && !cutter.inArray;
    const scan = cutter.partial?.scan ?? newScan();
    const from = pos + (cutter.partial?.read ?? 0);
    const stop = junk
      ? ({ outcome: "broken", at: pos } as const)
      : scanValue(scan, bytes, from, bytes.length, last);
    if (stop.outcome === "complete") {
      cutter.partial = null;
      emitValue(cutter, bytes, pos, stop.at);
      pos = stop.at;
      continue;
    }
    const waits = stop.outcome === "incomplete" && !last;
    if (waits && bytes.length - pos <= cutter.recordBytes) {
      cutter.partial = { scan, read: bytes.length - pos };
      return pos;
    }
    cutter.partial = null;
    const salvaged = junk ? null : wrapperArrayAt(bytes, pos);
    if (salvaged !== null && !cutter.inArray) {
      cutter.inArray = true;
      cutter.salvaging = true;
      pos = salvaged;
      continue;
    }
    const next = resync(cutter, bytes, pos, stop.at, last);
    if (next === null) return pos;
    const reason = junk ? "not JSON" : whyBroken(stop.outcome, stop.at - pos, waits);
    emitError(cutter, bytes, pos, next, `line ${cutter.line}: ${reason}`);
    pos = next;
  }
}

function whyBroken(outcome: string, at: number, tooLong: boolean): string {
  if (tooLong) return "the record is longer than a record may be";
  return outcome === "incomplete"
    ? "the record is cut off before it ends"
    : `not valid JSON: it breaks at byte ${at} of the record`;
}

/** Commas, spaces, byte order marks and RFC 7464 record separators stand between records. */
function isSeparator(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  if (isSpace(byte) || byte === 0x2c || byte === 0x1e) return true;
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
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

/**
 * Where reading goes on after a broken record: the next line that begins a record no deeper than
 * the broken one, or a little deeper when there is none. Null: not in these bytes, wait for more.
 */
function resync(
  cutter: Cutter,
  bytes: Uint8Array,
  start: number,
  brokenAt: number,
  last: boolean,
): number | null {
  const next = cutter.inArray && cutter.reread < REREAD_LIMIT ? nextRecordAt(cutter, bytes, start, brokenAt) : null;
  if (next !== null) return next;
  const from = cutter.reread < REREAD_LIMIT ? start : Math.max(start, brokenAt - 1);
  let at = recordLine(cutter, bytes, from, cutter.indent);
  if (at === null && !last && bytes.length - start <= cutter.recordBytes) return null;
  at ??= recordLine(cutter, bytes, Math.max(start, brokenAt - 1), cutter.indent + 4);
  if (at === null) return bytes.length;
  cutter.reread += Math.max(0, brokenAt - at);
  return at;
}

/**
 * A record that lost its end breaks exactly where the next one begins. The line end before that, when
 * a whole value stands there and more records or the end of the list follow; a mere part of the broken
 * record is never taken for a record.
 */
function nextRecordAt(cutter: Cutter, bytes: Uint8Array, start: number, brokenAt: number): number | null {
  if (bytes[brokenAt] !== 0x7b) return null;
  let lineEnd = brokenAt - 1;
  while (lineEnd > start && (bytes[lineEnd] === 0x20 || bytes[lineEnd] === 0x09)) lineEnd--;
  if (lineEnd <= start || bytes[lineEnd] !== 0x0a) return null;
  const stop = scanValue(newScan(), bytes, brokenAt, bytes.length, true);
  cutter.reread += stop.at - brokenAt;
  if (stop.outcome !== "complete") return null;
  const comma = skipSpace(bytes, stop.at, bytes.length);
  if (bytes[comma] === 0x5d) return lineEnd;
  if (bytes[comma] !== 0x2c) return null;
  return bytes[skipSpace(bytes, comma + 1, bytes.length)] === 0x7b ? lineEnd : null;
}

/** The line end before the next line that begins a record, indented by no more than `indent`. */
function recordLine(
  cutter: Cutter,
  bytes: Uint8Array,
  from: number,
  indent: number,
): number | null {
  let at = bytes.indexOf(0x0a, from);
  while (at !== -1) {
    let i = at + 1;
    while (i < bytes.length && (bytes[i] === 0x20 || bytes[i] === 0x09)) i++;
    const byte = bytes[i];
    const begins = byte === 0x7b || (byte === 0x5b && !cutter.inArray);
    if (begins && i - at - 1 <= indent) return at;
    at = bytes.indexOf(0x0a, at + 1);
  }
  return null;
}

/** One whole value: a record, a wrapper of records, or an incident with its alerts inside. */
function emitValue(cutter: Cutter, bytes: Uint8Array, start: number, end: number): void {
  const first = cutter.index === 0 && !cutter.inArray;
  const list = bytes[start] === 0x7b && (first || wrapperArrayAt(bytes, start) !== null);
  const span = list ? wrappedArray(bytes, start, end) : null;
  if (span) {
    const inner = bytes.subarray(span[0], span[1]);
    const nested = { ...cutter, partial: null, inArray: false };
    cutValues(nested, inner, true);
    cutter.index = nested.index;
  } else {
    push(cutter, bytes, start, end);
    for (const alert of alertsInside(bytes, start, end)) push(cutter, bytes, ...alert);
  }
  countLines(cutter, bytes, start, end);
}

function emitError(
  cutter: Cutter,
  bytes: Uint8Array,
  start: number,
  end: number,
  error: string,
): void {
  let stop = end;
  while (stop > start && isSeparator(bytes[stop - 1])) stop--;
  push(cutter, bytes, start, stop, error);
  countLines(cutter, bytes, start, end);
}

function push(cutter: Cutter, bytes: Uint8Array, start: number, end: number, error?: string): void {
  const span = cutter.copy ? bytes.slice(start, end) : bytes.subarray(start, end);
  const record: RawRecord = { index: cutter.index++, bytes: span, line: cutter.line };
  if (error) record.error = error;
  cutter.out.push(record);
}

function countLines(cutter: Cutter, bytes: Uint8Array, start: number, end: number): void {
  const span = bytes.subarray(start, end);
  for (let at = span.indexOf(0x0a); at !== -1; at = span.indexOf(0x0a, at + 1)) {
    cutter.line++;
  }
}

const WRAPPERS = [
  ["value"],
  ["Records"],
  ["records"],
  ["results"],
  ["logEvents"],
  ["alerts"],
  ["incidents"],
  ["events"],
  ["raw_logs", "entries"],
  ["hits", "hits"],
];

/** Keys that may stand beside the list of a wrapper without making it a record of its own. */
const BESIDE =
  /^(@odata\..*|@?nextLink|next.*|count|total.*|took|timed_out|_shards|preview|init_offset|messages|fields|highlighted|post_process_count|create_time|max_score|messageType|owner|logGroup|logStream|subscriptionFilters|source|ResponseMetadata)$/;

/** The span of the list when the object is a wrapper around records, else null. */
function wrappedArray(bytes: Uint8Array, start: number, end: number): [number, number] | null {
  const members = objectMembers(bytes, start, end);
  if (!members) return null;
  for (const [outer, inner] of WRAPPERS) {
    const member: Member | undefined = members.find((m) => m.key === outer);
    if (!member || !members.every((m) => m === member || BESIDE.test(m.key))) continue;
    const list = inner
      ? objectMembers(bytes, member.start, member.end)?.find((m) => m.key === inner)
      : member;
    if (list && isListOfObjects(bytes, list.start, list.end)) return [list.start, list.end];
  }
  return null;
}

function isListOfObjects(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== 0x5b) return false;
  const first = bytes[skipSpace(bytes, start + 1, end)];
  return first === 0x7b || first === 0x5d;
}

const WRAPPER_START = /^\{\s*"(?:value|[Rr]ecords|results|logEvents)"\s*:\s*\[\s*(?=[{\]])/;

/** The index just inside the list when the object visibly begins as a wrapper, else null. */
function wrapperArrayAt(bytes: Uint8Array, start: number): number | null {
  const head = bytes.subarray(start, start + 64);
  const second = head[skipSpace(head, 1, head.length)];
  if (second !== 0x22) return null;
  const match = WRAPPER_START.exec(latin1.decode(head));
  return match ? start + match[0].length : null;
}

const latin1 = new TextDecoder("latin1");
const ALERTS_KEY = Buffer.from('"alerts"');

/** The spans of the alerts a Graph incident carries inside itself: each is evidence of its own. */
function alertsInside(bytes: Uint8Array, start: number, end: number): [number, number][] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (bytes[start] !== 0x7b || view.indexOf(ALERTS_KEY) === -1) return [];
  const members = objectMembers(bytes, start, end) ?? [];
  const list = members.find((m) => m.key === "alerts");
  const incident = members.some(
    (m) =>
      m.key === "incidentWebUrl" ||
      (m.key === "@odata.type" &&
        latin1.decode(bytes.subarray(m.start, m.end)).includes("security.incident")),
  );
  if (!list || !incident || !isListOfObjects(bytes, list.start, list.end)) return [];
  const spans: [number, number][] = [];
  let i = list.start + 1;
  for (;;) {
    while (i < list.end && isSeparator(bytes[i])) i++;
    if (bytes[i] !== 0x7b) return spans;
    const stop = scanValue(newScan(), bytes, i, list.end, true);
    spans.push([i, stop.at]);
    i = stop.at;
  }
}

function startsWith(bytes: Uint8Array, ascii: string): boolean {
  return ascii.length <= bytes.length && [...ascii].every((c, i) => bytes[i] === c.charCodeAt(0));
}
