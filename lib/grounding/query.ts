import { fieldValues, isFieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { type Canonical, canonicalValue, sameCanonical, userDomain, valueType } from "./values.ts";
import { inInstant, parseInstant } from "./instants.ts";

/** `known`: `field=*`; `unknown`: `field!=*`. `gte` and `lte` are for numbers and `time`. */
export type TermOp = "eq" | "ne" | "gte" | "lte" | "known" | "unknown";
export type Term = { field: string; op: TermOp; value: string };
export type Parsed = { ok: true; terms: Term[] } | { ok: false; reason: string };

/** Fields a `where` may name beside those of the normal form. */
export const PSEUDO_FIELDS = ["kind", "source", "format", "time", "time.quality", "id"] as const;
const MAX_WHERE = 300_000;
const MAX_TERMS = 40;
const TOO_MANY = `the query has more than ${MAX_TERMS} terms`;
const JOIN = " & ";
const HEAD = /^([a-z][a-z0-9_.]{0,40})(!=|>=|<=|=)/;

/** One term, quoted as JSON when the bare value could be misread. Any string round-trips. */
export function whereTerm(
  field: string,
  value: string | number,
  op: Exclude<TermOp, "known" | "unknown"> = "eq",
): string {
  const sign = { eq: "=", ne: "!=", gte: ">=", lte: "<=" }[op];
  const text = String(value);
  const bare = text !== "" && text !== "*" && !/^["\s]|[\s]$| & |\p{Cc}/u.test(text);
  return `${field}${sign}${bare ? text : JSON.stringify(text)}`;
}

/** `field=*`: the field has a value. */
export function whereKnown(field: string): string {
  return `${field}=*`;
}

/** `field!=*`: the source left the field out. */
export function whereUnknown(field: string): string {
  return `${field}!=*`;
}

/** Joins terms; falsy ones are left out. No terms means every record of the incident. */
export function whereAll(...terms: (string | null | undefined | false)[]): string {
  return terms.filter(Boolean).join(JOIN);
}

/**
 * Reads `field=value & field!=value & field=* & time>=2026-03-01T02:14Z`.
 * A bare value ends at the next ` & ` that starts a term, so command lines need no quotes as a rule.
 */
export function parseWhere(text: string): Parsed {
  if (text.length > MAX_WHERE) return { ok: false, reason: "the query is too long" };
  const terms: Term[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const head = HEAD.exec(rest);
    if (!head) return { ok: false, reason: `not a query term: ${rest.slice(0, 60)}` };
    const [whole, field = "", sign = "="] = head;
    if (!isQueryField(field)) return { ok: false, reason: `no such field: ${field}` };
    const read = readValue(rest.slice(whole.length));
    if (!read) return { ok: false, reason: `no value for ${field}` };
    const term = makeTerm(field, sign, read.value, read.quoted);
    if (typeof term === "string") return { ok: false, reason: term };
    if (terms.length >= MAX_TERMS) return { ok: false, reason: TOO_MANY };
    terms.push(term);
    rest = read.rest;
  }
  return { ok: true, terms };
}

/** True, false, or unknown when a term's field has no value (null is unknown, never false). */
export function matches3(record: EvidenceRecord, terms: Term[]): boolean | "unknown" {
  let unknown = false;
  for (const term of terms) {
    const held = holds(record, term);
    if (held === false) return false;
    if (held === "unknown") unknown = true;
  }
  return unknown ? "unknown" : true;
}

/** Whether every term certainly holds on this one record. */
export function matches(record: EvidenceRecord, terms: Term[]): boolean {
  return matches3(record, terms) === true;
}

/** A record's values of a field or pseudo field; empty when unknown. */
export function queryValues(record: EvidenceRecord, field: string): (string | number)[] {
  if (field === "kind") return [record.kind];
  if (field === "source") return [record.sourceName];
  if (field === "format") return [record.format];
  if (field === "time") return record.time === null ? [] : [record.time];
  if (field === "time.quality") return [record.timeQuality];
  if (field === "id") return idsOf(record);
  if (field === "severity" && record.severity !== null) return [record.severity];
  return isFieldName(field) ? fieldValues(record.fields, field) : [];
}

/** One value of a record in canonical form, with the domain the record gives its users. */
export function recordCanonical(
  record: EvidenceRecord,
  field: string,
  value: string | number,
): Canonical {
  const type = valueType(field);
  return canonicalValue(
    type,
    value,
    type === "user" ? userDomain(record.fields, field) : undefined,
  );
}

/** Whether one field of a record has a value (any of a list), compared by the field's type. */
export function fieldHas(
  record: EvidenceRecord,
  field: string,
  wanted: string | number,
): boolean | "unknown" {
  const values = queryValues(record, field);
  if (values.length === 0) return "unknown";
  if (field === "time") return timeHas(record, String(wanted));
  const type = valueType(field);
  const want = canonicalValue(type, wanted);
  let unknown = false;
  for (const value of values) {
    const found = recordCanonical(record, field, value);
    const same = sameCanonical(found, want);
    if (same === true) return true;
    if (same === "unknown") unknown = true;
    if (type === "technique" && found.key.startsWith(`${want.key}.`)) return true;
  }
  return unknown ? "unknown" : false;
}

/**
 * The distinct values of a field over records, in order of first appearance: spellings of one host
 * (short, FQDN, HOST$) or one user count once, two FQDNs or domains under one name count twice.
 */
export function distinctValues(records: EvidenceRecord[], field: string): string[] {
  const seen = new Map<string, { first: string; qualifiers: Map<string, string> }>();
  const ofUsers = valueType(field) === "user";
  const read = new Map<string | undefined, Set<string | number>>();
  for (const record of records) {
    // One spelling in one domain adds nothing when it comes up again.
    const domain = ofUsers ? userDomain(record.fields, field) : undefined;
    let known = read.get(domain);
    if (!known) read.set(domain, (known = new Set()));
    for (const value of queryValues(record, field)) {
      if (known.has(value)) continue;
      known.add(value);
      const { key, qualifier } = recordCanonical(record, field, value);
      const entry = seen.get(key) ?? { first: String(value), qualifiers: new Map() };
      seen.set(key, entry);
      const short = qualifier?.split(".")[0];
      if (short && !entry.qualifiers.has(short)) entry.qualifiers.set(short, String(value));
    }
  }
  return [...seen.values()].flatMap((e) =>
    e.qualifiers.size > 1 ? [...e.qualifiers.values()] : [e.first],
  );
}

function isQueryField(field: string): boolean {
  return isFieldName(field) || (PSEUDO_FIELDS as readonly string[]).includes(field);
}

function makeTerm(field: string, sign: string, value: string, quoted: boolean): Term | string {
  if (value === "*" && !quoted) {
    if (sign === "=") return { field, op: "known", value: "" };
    return sign === "!=" ? { field, op: "unknown", value: "" } : `${field}${sign}* means nothing`;
  }
  const op = sign === "=" ? "eq" : sign === "!=" ? "ne" : sign === ">=" ? "gte" : "lte";
  if (field === "time" && !parseInstant(value)) return `not a time: ${value.slice(0, 60)}`;
  if (op !== "gte" && op !== "lte") return { field, op, value };
  if (field === "time") return { field, op, value };
  if (valueType(field) !== "number") return `${field} has no order`;
  if (!Number.isFinite(Number(canonicalValue("number", value).key)))
    return `not a number: ${value}`;
  return { field, op, value };
}

function readValue(text: string): { value: string; quoted: boolean; rest: string } | null {
  const quoted = readQuoted(text);
  if (quoted) return quoted;
  const end = nextTerm(text);
  const value = (end < 0 ? text : text.slice(0, end)).trim();
  const rest = end < 0 ? "" : text.slice(end + JOIN.length).trimStart();
  if (value === "") return null;
  const inner = /^"(.*)"$/s.exec(value)?.[1];
  return { value: inner ?? value, quoted: inner !== undefined, rest };
}

function readQuoted(text: string): { value: string; quoted: true; rest: string } | null {
  if (!text.startsWith('"')) return null;
  const end = /^"(?:[^"\\]|\\.)*"/s.exec(text)?.[0].length;
  if (end === undefined) return null;
  const rest = text.slice(end);
  if (rest.trim() !== "" && !rest.startsWith(JOIN)) return null;
  try {
    const value: unknown = JSON.parse(text.slice(0, end));
    if (typeof value !== "string") return null;
    return { value, quoted: true, rest: rest.slice(JOIN.length).trimStart() };
  } catch {
    return null;
  }
}

/** Where the bare value ends: the first ` & ` followed by a known field and a sign. */
function nextTerm(text: string): number {
  for (let at = text.indexOf(JOIN); at >= 0; at = text.indexOf(JOIN, at + 1)) {
    const head = HEAD.exec(text.slice(at + JOIN.length, at + JOIN.length + 48).trimStart());
    if (head?.[1] && isQueryField(head[1])) return at;
  }
  return -1;
}

function holds(record: EvidenceRecord, term: Term): boolean | "unknown" {
  if (term.op === "known") return queryValues(record, term.field).length > 0;
  if (term.op === "unknown") return queryValues(record, term.field).length === 0;
  if (term.op === "gte" || term.op === "lte") return ordered(record, term);
  const has = fieldHas(record, term.field, term.value);
  return term.op === "eq" || has === "unknown" ? has : !has;
}

function ordered(record: EvidenceRecord, term: Term): boolean | "unknown" {
  const values = queryValues(record, term.field);
  if (values.length === 0) return "unknown";
  if (term.field === "time") {
    const limit = parseInstant(term.value);
    const at = Date.parse(String(values[0]));
    if (!limit || Number.isNaN(at)) return "unknown";
    return term.op === "gte" ? at >= limit.start : at < limit.end;
  }
  const limit = Number(canonicalValue("number", term.value).key);
  return values.some((v) => {
    const n = Number(canonicalValue("number", v).key);
    return term.op === "gte" ? n >= limit : n <= limit;
  });
}

function timeHas(record: EvidenceRecord, wanted: string): boolean | "unknown" {
  const instant = parseInstant(wanted);
  if (!instant || record.time === null) return "unknown";
  const at = Date.parse(record.time);
  return Number.isNaN(at) ? "unknown" : inInstant(at, instant);
}

function idsOf(record: EvidenceRecord): string[] {
  const ids = [`E${record.position}`, record.id];
  return record.recordId ? [...ids, record.recordId] : ids;
}
