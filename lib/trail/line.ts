import { canonicalJson } from "./canonical.ts";
import { sha256, sha256Hex } from "./tree.ts";

/**
 * One leaf of the trail, as the database writes it: canonical JSON, keys sorted.
 * `prev` is the hex leaf of the entry before; `incidentPrev` and `incidentSeq` are the same chain restricted to one
 * incident, so that an incident's extract verifies alone. `payload` is hex sha256(salt || payload bytes): a salted
 * commitment, so that an approved erasure leaves the tree whole and short payloads cannot be guessed.
 */
export type TrailLine = {
  actor: string;
  /** UTC with microseconds, set by the database: `2026-03-01T02:14:07.120000Z`. */
  at: string;
  incident: string | null;
  incidentPrev: string | null;
  incidentSeq: number | null;
  kind: string;
  payload: string;
  prev: string;
  /** The database login that wrote it. */
  role: string;
  seq: number;
} & (LineV1 | LineV2);

/** Lines of before there were sessions on the trail; they stay as they are. */
export type LineV1 = { v: 1 };
export type LineV2 = {
  v: 2;
  /** `person:<uuid>` on whose behalf a model or the automation acted; null for who acts for themselves. */
  onBehalf: string | null;
  /** 16 hex digits that stand for the person's session (`sessionDigest`), as the writer claimed it; null without one. */
  session: string | null;
};

/** One line of an export: what the database holds of one entry, exactly. */
export type ExportedEntry = { leaf: string; line: string; payload: string; salt: string };

/** The same of an entry whose payload was erased: what the entry `erasedBy` says. Its salt is gone too. */
export type ErasedEntry = { erasedBy: number; leaf: string; line: string };

/** The `prev` of the first entry: hex sha256 of nothing. */
export const FIRST_PREV = sha256().toString("hex");

const KEYS_V1 = [
  "actor",
  "at",
  "incident",
  "incidentPrev",
  "incidentSeq",
  "kind",
  "payload",
  "prev",
  "role",
  "seq",
  "v",
];
const KEYS_V2 = [...KEYS_V1, "onBehalf", "session"].toSorted();
const EXPORT_KEYS = ["leaf", "line", "payload", "salt"];
const ERASED_KEYS = ["erasedBy", "leaf", "line"];
const HASH_HEX = /^[0-9a-f]{64}$/;
const BYTES_HEX = /^(?:[0-9a-f]{2})+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const KIND = /^[a-z_]+\.[a-z_]+$/;
const SESSION = /^[0-9a-f]{16}$/;
const PERSON = /^person:[0-9a-f-]{36}$/;

export function buildLine(line: TrailLine): string {
  return canonicalJson(line);
}

/** What an entry says of a session: the first 16 hex digits of sha256 of its id. Nobody signs in with it. */
export function sessionDigest(sessionId: string): string {
  return sha256(sessionId).toString("hex").slice(0, 16);
}

export function leafOfLine(line: string): string {
  return sha256Hex(`\0${line}`);
}

/** Hex sha256(salt || payload bytes). `salt` is hex; `payload` is the exact text. */
export function payloadCommitment(salt: string, payload: string): string {
  const saltBytes = salt.length / 2;
  const isShort = saltBytes + payload.length * UTF8_BYTES_MAX <= SALTED.length;
  const bytes = isShort ? SALTED : Buffer.allocUnsafe(saltBytes + Buffer.byteLength(payload));
  bytes.write(salt, "hex");
  const end = saltBytes + bytes.write(payload, saltBytes);
  return sha256Hex(bytes.subarray(0, end));
}

/** Where short payloads are put behind their salt to be hashed; used anew each time. */
const SALTED = Buffer.alloc(16_384);
/** Of one UTF-16 code unit. */
const UTF8_BYTES_MAX = 3;

/** The text of one line of an export, without its line end. */
export function exportLine(entry: ExportedEntry | ErasedEntry): string {
  if ("erasedBy" in entry)
    return canonicalJson({ erasedBy: entry.erasedBy, leaf: entry.leaf, line: entry.line });
  return canonicalJson({
    leaf: entry.leaf,
    line: entry.line,
    payload: entry.payload,
    salt: entry.salt,
  });
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Reads a line strictly, by the rules of its version: any other spelling of the same JSON is refused. */
export function parseLine(text: string): Parsed<TrailLine> {
  const plain = plainLine(text);
  if (plain) return { ok: true, value: plain };
  // canonical form ends every line of version 2 so, and none of version 1
  const read = readCanonical(text, text.endsWith(',"v":2}') ? KEYS_V2 : KEYS_V1, "the line");
  if (!read.ok) return read;
  const wrong = wrongLineField(read.value);
  return wrong ? { ok: false, reason: wrong } : { ok: true, value: read.value as TrailLine };
}

const TEXT = String.raw`"([^"\\\u0000-\u001f\ud800-\udfff]+)"`;
const COUNT = String.raw`(0|[1-9]\d{0,14})`;
// what is counted out takes a third less than the same with {n}
const hexDigits = (count: number) => "[0-9a-f]".repeat(count);
const HASH = `"(${hexDigits(64)})"`;
const UUID_DIGITS = [8, 4, 4, 4, 12].map(hexDigits).join("-");
const MOMENT_DIGITS = String.raw`\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\d\d\d\dZ`;
/** Canonical lines of version 2 as nearly all are: nothing escaped, nobody on another's behalf. */
const PLAIN = new RegExp(
  `^\\{"actor":${TEXT},"at":"(${MOMENT_DIGITS})",` +
    `"incident":(?:null,"incidentPrev":null,"incidentSeq":null|"(${UUID_DIGITS})","incidentPrev":${HASH},"incidentSeq":${COUNT}),` +
    `"kind":"(${KIND.source.slice(1, -1)})","onBehalf":null,"payload":${HASH},"prev":${HASH},` +
    `"role":${TEXT},"seq":${COUNT},"session":(?:null|"(${hexDigits(16)})"),"v":2\\}$`,
);

/** What the rules below find in such a line, in one reading of it; null for any other, which says nothing. */
function plainLine(text: string): TrailLine | null {
  const found = PLAIN.exec(text);
  if (!found) return null;
  const [, actor, at, incident, incidentPrev, place, kind, payload, prev, role, seq, session] =
    found;
  return {
    actor: actor!,
    at: at!,
    incident: incident ?? null,
    incidentPrev: incidentPrev ?? null,
    incidentSeq: place === undefined ? null : Number(place),
    kind: kind!,
    onBehalf: null,
    payload: payload!,
    prev: prev!,
    role: role!,
    seq: Number(seq),
    session: session ?? null,
    v: 2,
  };
}

export function parseExportLine(text: string): Parsed<ExportedEntry | ErasedEntry> {
  // The first key tells which: no canonical line of the other form begins so.
  const isErased = text.startsWith('{"erasedBy":');
  const plain = isErased ? null : plainExport(text);
  if (plain) return { ok: true, value: plain };
  const read = readCanonical(text, isErased ? ERASED_KEYS : EXPORT_KEYS, "the exported line");
  if (!read.ok) return read;
  const { leaf, line, payload, salt, erasedBy } = read.value;
  if (!matches(leaf, HASH_HEX))
    return { ok: false, reason: "leaf is not 64 lower-case hex digits" };
  if (typeof line !== "string") return { ok: false, reason: "line is not a string" };
  if (isErased) {
    if (!isCount(erasedBy)) return { ok: false, reason: "erasedBy is not a whole number" };
    return { ok: true, value: { erasedBy: erasedBy as number, leaf, line } };
  }
  if (!matches(salt, BYTES_HEX)) return { ok: false, reason: "salt is not lower-case hex" };
  if (typeof payload !== "string") return { ok: false, reason: "payload is not a string" };
  return { ok: true, value: { leaf, line, payload, salt } };
}

/**
 * The entry of a line of an export as nearly all are, told by length alone: without \\u, the canonical spelling is shorter
 * than any other of the same keys in the same order. Null for any other line, which says nothing.
 */
function plainExport(text: string): ExportedEntry | null {
  if (text.includes("\\u") || !text.isWellFormed()) return null;
  const value = jsonObject(text);
  if (value === null || !hasKeys(value, EXPORT_KEYS)) return null;
  const { leaf, line, payload, salt } = value;
  if (typeof leaf !== "string" || typeof line !== "string") return null;
  if (typeof payload !== "string" || typeof salt !== "string") return null;
  if (!isHash(leaf) || !isHash(salt)) return null;
  const written = EXPORT_FRAME + 2 * leaf.length + line.length + payload.length;
  const isShortest = text.length === written + escapesIn(line) + escapesIn(payload);
  return isShortest ? { leaf, line, payload, salt } : null;
}
const EXPORT_FRAME = '{"leaf":"","line":"","payload":"","salt":""}'.length;

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function hasKeys(value: Record<string, unknown>, keys: readonly string[]): boolean {
  let place = 0;
  for (const key in value) {
    if (key !== keys[place]) return false;
    place += 1;
  }
  return place === keys.length;
}

/** How many quotes and backslashes there are: each takes one character more in JSON. */
function escapesIn(text: string): number {
  let count = 0;
  for (const mark of ['"', "\\"])
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}

/** 64 lower-case hex digits; without a pattern, since it is asked of every line. */
function isHash(text: string): boolean {
  if (text.length !== 64) return false;
  for (let at = 0; at < 64; at += 1) {
    const code = text.charCodeAt(at);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

function readCanonical(
  text: string,
  keys: string[],
  what: string,
): Parsed<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
    // one spelling only: a second key of the same name, a space or another escape would pass JSON.parse
    if (!isPlainlyCanonical(value, text, keys) && canonicalJson(value) !== text)
      return { ok: false, reason: `${what} is not in canonical form` };
  } catch {
    return { ok: false, reason: `${what} is not canonical JSON` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, reason: `${what} is not an object` };
  }
  const found = Object.keys(value);
  if (found.join() !== keys.join())
    return { ok: false, reason: `${what} has the keys ${found.join(", ").slice(0, 200)}` };
  return { ok: true, value: value as Record<string, unknown> };
}

/**
 * True only for what `canonicalJson` would write so too, told without writing it part by part: the expected keys in their
 * order with nothing in them but text without an escaped surrogate, whole numbers and null. False says nothing.
 */
function isPlainlyCanonical(value: unknown, text: string, keys: string[]): boolean {
  if (typeof value !== "object" || value === null || text.includes("\\ud")) return false;
  let place = 0;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (key !== keys[place]) return false;
    if (part !== null && typeof part !== "string" && !Number.isSafeInteger(part)) return false;
    place += 1;
  }
  return place === keys.length && JSON.stringify(value) === text;
}

function wrongLineField(line: Record<string, unknown>): string | null {
  if (line.v !== 1 && line.v !== 2) return "v is neither 1 nor 2";
  if (typeof line.actor !== "string" || line.actor === "") return "actor is empty";
  if (typeof line.role !== "string" || line.role === "") return "role is empty";
  if (!matches(line.at, MOMENT)) return "at is not a UTC time with microseconds";
  if (!matches(line.kind, KIND)) return "kind is not noun.past";
  if (!matches(line.payload, HASH_HEX)) return "payload is not a sha256";
  if (!matches(line.prev, HASH_HEX)) return "prev is not a sha256";
  if (!isCount(line.seq)) return "seq is not a whole number";
  return wrongIncidentField(line) ?? (line.v === 2 ? wrongFieldOfV2(line) : null);
}

function wrongFieldOfV2({ actor, onBehalf, session }: Record<string, unknown>): string | null {
  if (session !== null && !matches(session, SESSION)) return "session is not 16 hex digits";
  if (onBehalf === null) return null;
  if (!matches(onBehalf, PERSON)) return "onBehalf is not a person";
  return matches(actor, /^person:/) ? "a person who acts on behalf of another" : null;
}

function wrongIncidentField({
  incident,
  incidentPrev,
  incidentSeq,
}: Record<string, unknown>): string | null {
  if (incident === null) {
    return incidentPrev === null && incidentSeq === null
      ? null
      : "an incident chain without an incident";
  }
  if (!matches(incident, UUID)) return "incident is not a uuid";
  if (!matches(incidentPrev, HASH_HEX)) return "incidentPrev is not a sha256";
  return isCount(incidentSeq) ? null : "incidentSeq is not a whole number";
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
