import { isSpace, newScan, scanValue, skipSpace, walkMembers } from "./json-scan.ts";

/** Names of the list in a wrapper, the outer one and, for some, the one inside it. */
const WRAPPERS = new Map<string, string | null>([
  ["value", null],
  ["Records", null],
  ["records", null],
  ["results", null],
  ["logEvents", null],
  ["alerts", null],
  ["incidents", null],
  ["events", null],
  ["raw_logs", "entries"],
  ["hits", "hits"],
]);

/** Keys that may stand beside the list of a wrapper without making it a record of its own. */
const BESIDE =
  /^(@odata\..*|@?nextLink|next.*|count|total.*|took|timed_out|_shards|preview|init_offset|messages|fields|highlighted|post_process_count|create_time|max_score|messageType|owner|logGroup|logStream|subscriptionFilters|source|ResponseMetadata)$/;

type Span = [start: number, end: number];

/** The span of the list when the object is a wrapper around records, else null. */
export function wrappedArray(bytes: Uint8Array, start: number, end: number): Span | null {
  const lists: { span: Span; inner: string | null }[] = [];
  const isWrapper = walkMembers(bytes, start, end, (key, from, to) => {
    const inner = WRAPPERS.get(key);
    if (inner === undefined) return BESIDE.test(key);
    lists.push({ span: [from, to], inner });
    return lists.length === 1;
  });
  const found = lists[0];
  if (!isWrapper || !found) return null;
  const { span, inner } = found;
  const list = inner === null ? span : memberSpan(bytes, ...span, inner);
  return list && isListOfObjects(bytes, ...list) ? list : null;
}

/** The span of the value of the first member with this key. */
function memberSpan(bytes: Uint8Array, start: number, end: number, name: string): Span | null {
  const spans: Span[] = [];
  walkMembers(bytes, start, end, (key, from, to) => {
    if (key === name) spans.push([from, to]);
    return spans.length === 0;
  });
  return spans[0] ?? null;
}

function isListOfObjects(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== 0x5b) return false;
  const first = bytes[skipSpace(bytes, start + 1, end)];
  return first === 0x7b || first === 0x5d;
}

const WRAPPER_START = /^\{\s*"(?:value|[Rr]ecords|results|logEvents)"\s*:\s*\[\s*(?=[{\]])/;

/** The index just inside the list when the object visibly begins as a wrapper, else null. */
export function wrapperArrayAt(bytes: Uint8Array, start: number): number | null {
  const head = bytes.subarray(start, start + 64);
  const second = head[skipSpace(head, 1, head.length)];
  if (second !== 0x22) return null;
  const match = WRAPPER_START.exec(latin1.decode(head));
  return match ? start + match[0].length : null;
}

const latin1 = new TextDecoder("latin1");
const ALERTS_KEY = Buffer.from('"alerts"');

/** The spans of the alerts a Graph incident carries inside itself: each is evidence of its own. */
export function* alertsInside(bytes: Uint8Array, start: number, end: number): Iterable<Span> {
  const list = alertList(bytes, start, end);
  if (list === null) return;
  const [from, to] = list;
  let i = from + 1;
  for (;;) {
    while (i < to && isSeparator(bytes[i])) i++;
    if (bytes[i] !== 0x7b) return;
    const stop = scanValue(newScan(), bytes, i, to, true);
    yield [i, stop.at];
    i = stop.at;
  }
}

function alertList(bytes: Uint8Array, start: number, end: number): Span | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (bytes[start] !== 0x7b || view.indexOf(ALERTS_KEY) === -1) return null;
  const found: { list: Span | null; incident: boolean } = { list: null, incident: false };
  walkMembers(bytes, start, end, (key, from, to) => {
    if (key === "alerts") found.list ??= [from, to];
    else if (key === "incidentWebUrl") found.incident = true;
    else if (key === "@odata.type") found.incident ||= namesIncident(bytes, from, to);
    return found.list === null || !found.incident;
  });
  const { list, incident } = found;
  return list !== null && incident && isListOfObjects(bytes, ...list) ? list : null;
}

function namesIncident(bytes: Uint8Array, start: number, end: number): boolean {
  return latin1.decode(bytes.subarray(start, end)).includes("security.incident");
}

/** Commas, spaces, byte order marks and RFC 7464 record separators stand between records. */
export function isSeparator(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  if (isSpace(byte) || byte === 0x2c || byte === 0x1e) return true;
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
