/**
 * What is true of records, found by plain loops. It shares no code with lib/grounding, so that a
 * mistake there is not repeated here. Where a spelling leaves room for doubt it answers null.
 */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";

export type Truth = boolean | null;
export type OracleTerm = { field: string; sign: "=" | "!=" | ">=" | "<="; value: string };

const TERM = /^([a-z][a-z0-9_.]*)(!=|>=|<=|=)/;
const HOSTS = new Set(["host", "source.host", "destination.host"]);
const USERS = new Set(["user", "target.user", "ticket.owner"]);
const PATHS =
  /^(?:process\.(?:name|path)|parent\.(?:name|path)|target\.process|file\.(?:path|name)|share\.name|registry\.key)$/;
const NUMBERS = /(?:\.port|\.pid|\.bytes_(?:in|out)|logon\.(?:id|type)|http\.status)$/;
const EXACT = new Set(["process.command_line", "script", "message", "registry.value"]);

/** The values of a field or pseudo field of one record, as text. */
export function valuesOf(record: EvidenceRecord, field: string): string[] {
  if (field === "kind") return [record.kind];
  if (field === "source") return [record.sourceName];
  if (field === "format") return [record.format];
  if (field === "time") return record.time === null ? [] : [record.time];
  if (field === "time.quality") return [record.timeQuality];
  if (field === "id") return [`E${record.position}`, record.id, ...optional(record.recordId)];
  if (field === "severity" && record.severity !== null) return [record.severity];
  const value = (record.fields as Record<string, string | number | string[] | undefined>)[field];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Whether one field of one record has the value; null when the record does not say. */
export function fieldIs(record: EvidenceRecord, field: string, wanted: string): Truth {
  const values = valuesOf(record, field);
  if (values.length === 0) return null;
  const answers = values.map((value) => sameValue(record, field, value, wanted));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

/** The terms of a `where`. Throws on what the benchmark never writes. */
export function termsOf(where: string): OracleTerm[] {
  const terms: OracleTerm[] = [];
  let rest = where.trim();
  while (rest !== "") {
    const head = TERM.exec(rest);
    if (!head) throw new Error(`not a term: ${rest.slice(0, 40)}`);
    rest = rest.slice(head[0].length);
    const quoted = /^"(?:[^"\\]|\\.)*"(?= & |$)/.exec(rest)?.[0];
    const bare = quoted ?? rest.split(/ & (?=[a-z][a-z0-9_.]*(?:!=|>=|<=|=))/, 1)[0] ?? rest;
    const value = quoted === undefined ? bare.trim() : (JSON.parse(quoted) as string);
    terms.push({ field: head[1] ?? "", sign: (head[2] ?? "=") as OracleTerm["sign"], value });
    rest = rest.slice(bare.length).replace(/^ & /, "");
  }
  return terms;
}

/** Whether every term holds on one record. */
export function holdsOn(record: EvidenceRecord, terms: OracleTerm[]): Truth {
  let doubt = false;
  for (const { field, sign, value } of terms) {
    const known = valuesOf(record, field).length > 0;
    let held: Truth;
    if (value === "*") held = sign === "=" ? known : !known;
    else if (sign === ">=" || sign === "<=") held = compares(record, field, sign, value);
    else {
      const same = fieldIs(record, field, value);
      held = same === null ? null : same === (sign === "=");
    }
    if (held === false) return false;
    if (held === null) doubt = true;
  }
  return doubt ? null : true;
}

/** Whether a predicate is true of complete evidence; null when the records do not settle it. */
export function isTrue(p: Predicate, records: EvidenceRecord[]): Truth {
  const terms = termsOf(p.where);
  const bound = p.evidence.map((id) => byId(records, id));
  if (bound.some((r) => r === undefined)) return null;
  const named = bound as EvidenceRecord[];
  switch (p.op) {
    case "field":
      return every(named, (r) => both(hasValue(r, p.field, p.value), holdsOn(r, terms)));
    case "order":
      return inOrder(named, p.within_s);
    case "chain":
      return every(named.slice(1), (child, at) => started(named[at]!, child));
    case "exists":
      if (named.length > 0) return every(named, (r) => holdsOn(r, terms));
      return records.some((r) => holdsOn(r, terms) === true) || null;
    default:
      return isTrueOver(p, records, terms);
  }
}

function isTrueOver(p: Predicate, records: EvidenceRecord[], terms: OracleTerm[]): Truth {
  const over = records.filter((r) => holdsOn(r, terms) === true);
  const maybe = records.some((r) => holdsOn(r, terms) === null);
  switch (p.op) {
    case "absent":
      if (over.length > 0) return false;
      return maybe ? null : true;
    case "count":
      return compare(p, over.length);
    case "distinct":
      return compare(p, distinct(over, p.field).length);
    case "sum":
      return compare(p, sum(over, p.field));
    case "all":
    case "only":
      if (p.value === "") return compare(p, distinct(over, p.field).length);
      return over.length === 0 ? null : every(over, (r) => fieldIs(r, p.field, p.value));
    default:
      return isTrueOfTimes(p, over);
  }
}

function isTrueOfTimes(p: Predicate, over: EvidenceRecord[]): Truth {
  const times = over.flatMap((r) => optional(timeMs(r)));
  if (times.length === 0) return null;
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  if (p.op === "duration") {
    const seconds = (last - first) / 1000;
    const unit = [86_400, 3600, 60].find((u) => p.n >= u && p.n % u === 0) ?? 1;
    const slack =
      p.cmp === "eq" || p.cmp === "none" ? Math.max(1, Math.min(unit / 2, p.n / 10)) : 0;
    return Math.abs(seconds - p.n) <= slack || compare(p, seconds);
  }
  return sameTime(p.op === "first_seen" ? first : last, p.value);
}

/** The different values of a field, spellings folded; in order of appearance. */
export function distinct(records: EvidenceRecord[], field: string): string[] {
  const seen = new Map<string, string>();
  for (const record of records)
    for (const value of valuesOf(record, field)) {
      const key = fold(field, value);
      if (!seen.has(key)) seen.set(key, value);
    }
  return [...seen.values()];
}

/** True when a field's values in these records could be taken for one another: two spellings of one name. */
export function isAmbiguous(records: EvidenceRecord[], field: string): boolean {
  const spelled = new Map<string, string>();
  for (const record of records)
    for (const value of valuesOf(record, field)) {
      const domain = USERS.has(field) ? (domainOf(record, field) ?? "") : "";
      const whole = `${domain}\\${value}`.toLowerCase();
      const key = fold(field, value);
      const known = spelled.get(key);
      if (known !== undefined && known !== whole) return true;
      spelled.set(key, whole);
    }
  return false;
}

export function timeMs(record: EvidenceRecord): number | null {
  if (record.time === null || record.timeQuality === "missing") return null;
  const ms = Date.parse(record.time);
  return Number.isNaN(ms) ? null : ms;
}

/** Whether `ms` lies in the stretch that a spelling in UTC names, from a day to a millisecond. */
export function sameTime(ms: number, spelled: string): Truth {
  const zone = /(?:[+-]\d\d:?\d\d)$/.exec(spelled.slice(10))?.[0];
  const bare = spelled.replace(/(?:Z| ?UTC|[+-]\d\d:?\d\d)$/, "").replace(" ", "T");
  const minutes = zone ? Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)) : 0;
  const shifted = zone?.startsWith("-") ? ms - minutes * 60_000 : ms + minutes * 60_000;
  const iso = new Date(shifted).toISOString().slice(0, -1);
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?$/.test(bare)) return null;
  return iso.startsWith(bare);
}

function hasValue(record: EvidenceRecord, field: string, wanted: string): Truth {
  const is = fieldIs(record, field, wanted);
  if (is !== false || !EXACT.has(field)) return is;
  return valuesOf(record, field).some((v) => v.includes(wanted));
}

function sameValue(record: EvidenceRecord, field: string, value: string, wanted: string): Truth {
  if (field === "time") return sameTime(Date.parse(value), wanted);
  if (EXACT.has(field)) return value === wanted;
  if (field === "technique") return value === wanted || value.startsWith(`${wanted}.`);
  if (fold(field, value) !== fold(field, wanted)) return false;
  const asked = qualifierOf(field, wanted);
  if (asked === null) return true;
  const own = qualifierOf(field, value) ?? domainOf(record, field);
  if (own === null) return null;
  const [a, b] = [asked.toLowerCase(), own.toLowerCase()];
  if (a === b) return true;
  return a.includes(".") && b.includes(".") ? false : a.split(".")[0] === b.split(".")[0];
}

/** One key for the spellings of a value: case, domains, `$`, doubled backslashes, hexadecimal. */
export function fold(field: string, value: string): string {
  const text = value.trim().toLowerCase();
  if (HOSTS.has(field)) {
    if (/^[\d.]+$|:/.test(text)) return text;
    return text.replace(/^\\+|[.$]$/g, "").split(".")[0] ?? text;
  }
  if (USERS.has(field)) return text.split("\\").at(-1)?.split("@")[0] ?? text;
  if (NUMBERS.test(field)) return /^0x[0-9a-f]+$/.test(text) ? String(Number(text)) : text;
  if (PATHS.test(field)) return hive(text.replace(/\\{2,}/g, "\\"));
  return text;
}

function hive(text: string): string {
  return text
    .replace(/^(?:hkey_local_machine|\\registry\\machine)(?=\\)/, "hklm")
    .replace(/^hkey_current_user(?=\\)/, "hkcu")
    .replace(/^(?:hkey_users|\\registry\\user)(?=\\)/, "hku");
}

function qualifierOf(field: string, value: string): string | null {
  if (HOSTS.has(field))
    return /^[\d.]+$|:/.test(value) ? null : (/^[^.]+\.(.+)$/.exec(value)?.[1] ?? null);
  if (!USERS.has(field)) return null;
  return /^(.+)\\[^\\]+$/.exec(value)?.[1] ?? /@(.+)$/.exec(value)?.[1] ?? null;
}

function domainOf(record: EvidenceRecord, field: string): string | null {
  if (!USERS.has(field)) return null;
  const domain = record.fields[field === "target.user" ? "target.user.domain" : "user.domain"];
  if (domain !== undefined && domain !== "") return String(domain);
  const email = field === "user" ? record.fields["user.email"] : undefined;
  return email === undefined ? null : (String(email).split("@")[1] ?? null);
}

function compares(record: EvidenceRecord, field: string, sign: ">=" | "<=", limit: string): Truth {
  const [value] = valuesOf(record, field);
  if (value === undefined) return null;
  const read = (text: string) =>
    field === "time" ? Date.parse(text.replace(" ", "T")) : Number(text);
  const [a, b] = [read(value), read(limit)];
  if (Number.isNaN(a) || Number.isNaN(b)) return null;
  return sign === ">=" ? a >= b : a <= b;
}

function inOrder(records: EvidenceRecord[], withinS: number): Truth {
  const times = records.map(timeMs);
  if (times.length < 2 || times.includes(null)) return null;
  const known = times as number[];
  if (known.some((t, at) => at > 0 && t < known[at - 1]!)) return false;
  if (known.some((t, at) => at > 0 && t === known[at - 1]!)) return null;
  return withinS === 0 || known.at(-1)! - known[0]! <= withinS * 1000;
}

function started(parent: EvidenceRecord, child: EvidenceRecord): Truth {
  const same = (a: string, b: string): Truth => {
    const [x, y] = [valuesOf(parent, a)[0], valuesOf(child, b)[0]];
    return x === undefined || y === undefined ? null : fold(a, x) === fold(a, y);
  };
  if (same("host", "host") === false || same("process.name", "parent.name") === false) return false;
  const guid = same("process.guid", "parent.guid");
  return guid ?? same("process.pid", "parent.pid");
}

function sum(records: EvidenceRecord[], field: string): number {
  let total = 0;
  for (const record of records)
    for (const value of valuesOf(record, field))
      total += Number.isNaN(Number(value)) ? 0 : Number(value);
  return total;
}

function compare({ cmp, n }: Predicate, found: number): boolean {
  if (cmp === "gte") return found >= n;
  return cmp === "lte" ? found <= n : found === n;
}

function every<T>(items: T[], test: (item: T, at: number) => Truth): Truth {
  if (items.length === 0) return null;
  const answers = items.map((item, at) => test(item, at));
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

function byId(records: EvidenceRecord[], id: string): EvidenceRecord | undefined {
  const position = /^E(\d+)$/.exec(id)?.[1];
  if (position === undefined) return records.find((r) => r.id === id);
  const guess = records[Number(position) - 1];
  return guess?.position === Number(position)
    ? guess
    : records.find((r) => r.position === Number(position));
}

function optional<T>(value: T | null | undefined): T[] {
  return value === null || value === undefined ? [] : [value];
}
