import type { FieldName } from "#lib/domain/evidence/fields.ts";
import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import {
  type ClaimKind,
  type Comparison,
  type Polarity,
  type Predicate,
  UNUSED,
} from "#lib/domain/summary/claim.ts";
import { whereAll, whereKnown } from "../query.ts";

/** The 21 kinds of sentence the rules can write, and what each is about. */
export const FAMILIES = [
  "scope",
  "severity",
  "first_alert",
  "alert",
  "top_source",
  "logon_burst",
  "logon_success",
  "process_chain",
  "command",
  "network",
  "beacon",
  "hash",
  "persistence",
  "defence",
  "new_host",
  "host_spread",
  "technique",
  "outcome",
  "ticket",
  "indicator",
  "gap",
  "contradiction",
] as const;
export type Family = (typeof FAMILIES)[number];

/** The order of the finished summary. */
export const SECTIONS = ["who", "what", "when", "where", "extent", "gaps"] as const;
export type Section = (typeof SECTIONS)[number];

/**
 * What to quote from a record: `value` (of the first field, when one is named), else the first of
 * the fields that the raw text has.
 */
export type CitationField = FieldName | "time";
export type CitationRequest = { record: EvidenceRecord; fields: CitationField[]; value?: string };

/** One sentence before its quotes are looked up. `rank`: greater is nearer the front. */
export type RuleClaim = {
  family: Family;
  section: Section;
  text: string;
  kind: ClaimKind;
  polarity: Polarity;
  predicates: Predicate[];
  citations: CitationRequest[];
  rank: number;
  front: boolean;
};

export function countIs(where: string, n: number, cmp: Comparison = "eq"): Predicate {
  return { ...UNUSED, op: "count", where, cmp, n };
}

export function distinctIs(field: string, where: string, n: number): Predicate {
  return { ...UNUSED, op: "distinct", field, where, cmp: "eq", n };
}

export function sumIs(field: string, where: string, n: number): Predicate {
  return { ...UNUSED, op: "sum", field, where, cmp: "eq", n };
}

/** On every one of these records the field has the value. */
export function fieldIs(
  records: EvidenceRecord[],
  field: CitationField | "source" | "kind",
  value: string | number,
): Predicate {
  return { ...UNUSED, op: "field", evidence: labels(records), field, value: String(value) };
}

export function noneMatch(where: string): Predicate {
  return { ...UNUSED, op: "absent", where };
}

/** Of the records with a known time; `value` as ISO 8601 to the second. */
export function firstSeen(where: string, value: string): Predicate {
  return { ...UNUSED, op: "first_seen", where: timed(where), value };
}

export function lastSeen(where: string, value: string): Predicate {
  return { ...UNUSED, op: "last_seen", where: timed(where), value };
}

export function durationIs(where: string, seconds: number): Predicate {
  return { ...UNUSED, op: "duration", where: timed(where), cmp: "eq", n: seconds };
}

export function inOrder(records: EvidenceRecord[], withinSeconds: number): Predicate {
  return { ...UNUSED, op: "order", evidence: labels(records), within_s: withinSeconds };
}

export function chained(records: EvidenceRecord[]): Predicate {
  return { ...UNUSED, op: "chain", evidence: labels(records) };
}

function timed(where: string): string {
  return whereAll(where, whereKnown("time"));
}

function labels(records: EvidenceRecord[]): string[] {
  return records.map((record) => evidenceLabel(record.position));
}
