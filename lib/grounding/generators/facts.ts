import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { SEVERITY_RANK, type Severity } from "#lib/domain/incident/severity.ts";
import { whereAll, whereKnown, whereTerm } from "../query.ts";
import { type Cell, cellsOf, firstCell, forgetCells } from "./cells.ts";

/** A source that is connected, delivers in general and fell silent; names are those of records' `sourceName`. */
export type SilentSource = { name: string };

/** The incident as the generators see it: sorted once, grouped on demand. */
export type Facts = {
  /** By position. */
  records: EvidenceRecord[];
  alerts: EvidenceRecord[];
  events: EvidenceRecord[];
  incidents: EvidenceRecord[];
  /** Records with a time, by time, then position. */
  timed: EvidenceRecord[];
  /** `field:key` of the hosts, users and addresses that high and critical alerts name. */
  central: Set<string>;
  capped: boolean;
  /** The sources that fell silent, as the caller knows them. */
  sources: SilentSource[];
};

const CENTRAL_FIELDS: FieldName[] = ["host", "user", "source.ip", "destination.ip", "process.name"];

export function collectFacts(
  records: EvidenceRecord[],
  context: { capped: boolean; sources: SilentSource[] },
): Facts {
  forgetCells();
  const sorted = records.toSorted((a, b) => a.position - b.position);
  const timed = sorted.filter((r) => r.time !== null).toSorted(byTime);
  const alerts = sorted.filter((r) => r.kind === "alert");
  return {
    records: sorted,
    alerts,
    events: sorted.filter((r) => r.kind === "event"),
    incidents: sorted.filter((r) => r.kind === "incident"),
    timed,
    central: centralEntities(alerts),
    capped: context.capped,
    sources: context.sources,
  };
}

export function byTime(a: EvidenceRecord, b: EvidenceRecord): number {
  if (a.time !== b.time) return (a.time ?? "~") < (b.time ?? "~") ? -1 : 1;
  return a.position - b.position;
}

/** The first usable value of a field as text, see `textsOf`; null when there is none. */
export function textOf(record: EvidenceRecord, field: FieldName): string | null {
  return firstCell(record, field)?.text ?? null;
}

/**
 * The values of a field as text, without placeholders and what is not fit to be shown.
 * Hosts and users by their short name, so that every spelling of one of them is meant.
 */
export function textsOf(record: EvidenceRecord, field: FieldName): string[] {
  return cellsOf(record, field).map(({ text }) => text);
}

/** The key under which spellings of the first value meet; null when unknown. */
export function keyOf(record: EvidenceRecord, field: FieldName): string | null {
  return firstCell(record, field)?.key ?? null;
}

/** Records by key, in order of first appearance; a null key leaves the record out. */
export function groupBy(
  records: EvidenceRecord[],
  key: (record: EvidenceRecord) => string | null,
): Map<string, EvidenceRecord[]> {
  const groups = new Map<string, EvidenceRecord[]>();
  for (const record of records) {
    const k = key(record);
    if (k === null) continue;
    const group = groups.get(k);
    if (group) group.push(record);
    else groups.set(k, [record]);
  }
  return groups;
}

/** Records that share values: `values` in the order of the fields, as the first record spells them. */
export type ValueGroup = { values: string[]; records: EvidenceRecord[] };

/**
 * Records by the values of several fields, as a query would find them: a record with lists of
 * values is in several groups, one lacking a field in none.
 */
export function groupByFields(
  records: EvidenceRecord[],
  fields: FieldName[],
): Map<string, ValueGroup> {
  const [only] = fields;
  if (only && fields.length === 1) return groupByField(records, only);
  const groups = new Map<string, ValueGroup>();
  for (const record of records) {
    if (fields.some((field) => record.fields[field] === undefined)) continue;
    for (const [key, values] of combinations(record, fields)) {
      const group = groups.get(key);
      if (group) group.records.push(record);
      else groups.set(key, { values, records: [record] });
    }
  }
  return groups;
}

/** The same for one field: one look for each spelling, not for each record. */
function groupByField(records: EvidenceRecord[], field: FieldName): Map<string, ValueGroup> {
  const groups = new Map<string, ValueGroup>();
  const spelled = new Map<Cell, ValueGroup>();
  for (const record of records) {
    for (const cell of cellsOf(record, field)) {
      let group = spelled.get(cell);
      if (!group) {
        const key = `\u0000${cell.key}`;
        group = groups.get(key) ?? { values: [cell.text], records: [] };
        groups.set(key, group);
        spelled.set(cell, group);
      }
      if (group.records.at(-1) !== record) group.records.push(record);
    }
  }
  return groups;
}

/** Each choice of one value per field, by the joined keys of the values. */
export function combinations(
  record: EvidenceRecord,
  fields: FieldName[],
): Iterable<[key: string, values: string[]]> {
  if (fields.some((field) => Array.isArray(record.fields[field])))
    return allChoices(record, fields);
  let joined = "";
  const values: string[] = [];
  for (const field of fields) {
    const cell = firstCell(record, field);
    if (cell === null) return [];
    joined += `\u0000${cell.key}`;
    values.push(cell.text);
  }
  return [[joined, values]];
}

function allChoices(record: EvidenceRecord, fields: FieldName[]): Map<string, string[]> {
  let chosen = new Map<string, string[]>([["", []]]);
  for (const field of fields) {
    const next = new Map<string, string[]>();
    for (const { text, key } of cellsOf(record, field)) {
      for (const [prefix, values] of chosen) {
        const joined = `${prefix}\u0000${key}`;
        if (!next.has(joined)) next.set(joined, [...values, text]);
      }
    }
    chosen = next;
  }
  return chosen;
}

/** `field=* & field=value`: the field is known and has this value, so the answer is never "unknown". */
export function has(field: FieldName, value: string | number): string {
  return whereAll(whereKnown(field), whereTerm(field, value));
}

/** Earliest and latest time among records; null when none has a time. */
export function span(
  records: EvidenceRecord[],
): { first: EvidenceRecord; last: EvidenceRecord } | null {
  let first: EvidenceRecord | null = null;
  let last: EvidenceRecord | null = null;
  for (const record of records) {
    if (record.time === null) continue;
    if (!first || byTime(record, first) < 0) first = record;
    if (!last || byTime(record, last) > 0) last = record;
  }
  return first && last ? { first, last } : null;
}

/** Whole seconds between two records' times as the verifier counts them. */
export function secondsBetween(first: EvidenceRecord, last: EvidenceRecord): number {
  if (first.time === null || last.time === null) return 0;
  return Math.round((Date.parse(last.time) - Date.parse(first.time)) / 1000);
}

/**
 * Rank of a claim that rests on these records: severity, rarity (1 / hosts), how many of their
 * entities the high alerts name, and how late they are.
 */
export function rankOf(facts: Facts, base: number, records: EvidenceRecord[]): number {
  let severity = 0;
  let central = 0;
  const hosts = new Set<string>();
  for (const record of records.slice(0, 50)) {
    severity = Math.max(severity, record.severity ? SEVERITY_RANK[record.severity] : 0);
    central = Math.max(central, centrality(facts, record));
    const host = keyOf(record, "host");
    if (host !== null) hosts.add(host);
  }
  const rarity = 1 / Math.max(1, hosts.size);
  return round(base + severity * 2 + central + rarity + recency(facts, records.at(-1)));
}

export function isHigh(severity: Severity | null): boolean {
  return severity === "high" || severity === "critical";
}

function centrality(facts: Facts, record: EvidenceRecord): number {
  let n = 0;
  for (const field of CENTRAL_FIELDS) {
    const key = keyOf(record, field);
    if (key !== null && facts.central.has(`${field}:${key}`)) n += 1;
  }
  return n;
}

function recency(facts: Facts, record: EvidenceRecord | undefined): number {
  const first = facts.timed[0]?.time;
  const last = facts.timed.at(-1)?.time;
  if (!first || !last || !record?.time || first === last) return 0;
  const from = Date.parse(first);
  return (Date.parse(record.time) - from) / (Date.parse(last) - from);
}

function centralEntities(alerts: EvidenceRecord[]): Set<string> {
  const central = new Set<string>();
  for (const alert of alerts) {
    if (!isHigh(alert.severity)) continue;
    for (const field of CENTRAL_FIELDS) {
      const key = keyOf(alert, field);
      if (key !== null) central.add(`${field}:${key}`);
    }
  }
  return central;
}

function round(n: number): number {
  return Math.round(n * 1000) / 1000;
}
