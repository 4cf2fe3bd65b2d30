import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import {
  type EvidenceIndex,
  findRecord,
  possibleMatches,
  type Selection,
  selectWhere,
} from "./evidence-index.ts";
import { indexOfText } from "./find-text.ts";
import { chainHolds, orderHolds } from "./links.ts";
import {
  clip,
  isQueryable,
  type Judged,
  judgeOver,
  unknown,
  type UnknownReason,
} from "./predicates-over.ts";
import { fieldHas, matches3, queryValues } from "./query.ts";
import { valueType } from "./values.ts";

const MAX_BOUND = 1000;

/** What one predicate came to. `records` are all the records it speaks of. */
export type PredicateOutcome = {
  result: boolean | "unknown";
  reason: UnknownReason | null;
  said: string;
  found: string;
  where: string[];
  records: EvidenceRecord[];
};

/**
 * Evaluates one predicate on the stored records. `field`, `order` and `chain` bind to the records
 * they name; the others run over the whole query. Null is unknown, never false. On capped evidence
 * only what more records could not change is true or false.
 */
export function evaluatePredicate(
  predicate: Predicate,
  index: EvidenceIndex,
  capped: boolean,
): PredicateOutcome {
  const judged = judge(predicate, index, capped);
  const records = judged.records ?? [];
  return {
    result: judged.result,
    reason: judged.result === "unknown" ? (judged.reason ?? "malformed") : null,
    said: describePredicate(predicate),
    found: judged.found,
    where: records.slice(0, 10).map((r) => evidenceLabel(r.position)),
    records,
  };
}

/** The predicate as a reader would say it: "48 records where outcome=failure". */
export function describePredicate(p: Predicate): string {
  const over = p.where.trim() === "" ? "all records" : `records where ${clip(p.where)}`;
  const sign = { eq: "", none: "", gte: "at least ", lte: "at most " }[p.cmp];
  switch (p.op) {
    case "field":
      return `${p.field} is ${clip(p.value)}`;
    case "exists":
      return p.evidence.length > 0 ? `the cited ${over}` : `one of ${over}`;
    case "absent":
      return `none of ${over}`;
    case "count":
      return `${sign}${p.n} of ${over}`;
    case "distinct":
      return `${sign}${p.n} different ${p.field} in ${over}`;
    case "sum":
      return `${p.field} adds up to ${sign}${p.n} in ${over}`;
    case "order":
      return `${p.evidence.slice(0, 10).join(" before ") || "an order of no records"}${p.within_s > 0 ? ` within ${p.within_s} s` : ""}`;
    case "chain":
      return p.evidence.slice(0, 10).join(" started ") || "a chain of no records";
    case "first_seen":
      return `${over} begin at ${clip(p.value)}`;
    case "last_seen":
      return `${over} end at ${clip(p.value)}`;
    case "duration":
      return `${over} span ${sign}${p.n} s`;
    case "all":
      return p.value === ""
        ? `${over} have every ${p.field}`
        : `all of ${over} have ${p.field} ${clip(p.value)}`;
    case "only":
      return `${over} have no ${p.field} but ${clip(p.value)}`;
    default:
      return "an unknown kind of predicate";
  }
}

function judge(p: Predicate, index: EvidenceIndex, capped: boolean): Judged {
  const bad = misshapen(p);
  if (bad) return unknown("malformed", bad);
  const bound: EvidenceRecord[] = [];
  for (const id of p.evidence) {
    const record = findRecord(index, id);
    if (!record) return unknown("scope", `${clip(id)} is not in this incident`);
    bound.push(record);
  }
  const selection = selectWhere(index, p.where);
  if (!selection.ok) return unknown("malformed", selection.reason);
  switch (p.op) {
    case "field":
      return judgeField(p, bound, selection);
    case "order":
    case "chain":
      return judgeLink(p, bound, selection, index);
    case "exists":
      return judgeExists(bound, selection, index, capped);
    case "absent":
      return judgeAbsent(selection, index, capped);
    default:
      return judgeOver(p, selection, index, capped);
  }
}

/** Numbers that compare with nothing, and lists too long to mean anything, by name. */
function misshapen(p: Predicate): string | null {
  for (const [name, n] of [
    ["n", p.n],
    ["within_s", p.within_s],
  ] as const) {
    if (!Number.isFinite(n)) return `${name} is ${n}, which is no number to compare`;
    if (n < 0) return `${name} is ${n}; nothing is counted below zero`;
    if (n > Number.MAX_SAFE_INTEGER) return `${name} is too large to be compared exactly`;
  }
  if (p.evidence.length <= MAX_BOUND) return null;
  return `${p.evidence.length} records named; a predicate names at most ${MAX_BOUND}`;
}

function judgeField(p: Predicate, bound: EvidenceRecord[], selection: Selection): Judged {
  if (bound.length === 0) return unknown("malformed", "the predicate names no record");
  if (!isQueryable(p.field)) return unknown("malformed", `no such field: ${clip(p.field)}`);
  if (p.value.trim() === "") return unknown("malformed", "the predicate names no value");
  for (const record of bound) {
    const values = queryValues(record, p.field);
    const label = evidenceLabel(record.position);
    if (values.length === 0) {
      return { ...unknown("no_value", `${label} does not say`), records: [record] };
    }
    const has = fieldHas(record, p.field, p.value);
    const found = `${values.map(String).map(clip).join(", ")} in ${label}`;
    const within = valueType(p.field) === "text" && contains(values, p.value);
    if (has === false && !within) return { result: false, found, records: [record] };
    if (has === "unknown" && !within) return { ...unknown("no_value", found), records: [record] };
    const terms = selection.ok ? matches3(record, selection.terms) : true;
    if (terms === false)
      return { result: false, found: `${label} does not match the query`, records: [record] };
    if (terms === "unknown")
      return { ...unknown("no_value", `${label} does not say`), records: [record] };
  }
  return { result: true, found: clip(p.value), records: bound };
}

function judgeLink(
  p: Predicate,
  bound: EvidenceRecord[],
  selection: Selection,
  index: EvidenceIndex,
): Judged {
  if (bound.length < 2) return unknown("malformed", "the predicate needs two records");
  const outside = selection.ok && bound.find((r) => matches3(r, selection.terms) !== true);
  if (outside) {
    return unknown("no_value", `${evidenceLabel(outside.position)} does not match the query`);
  }
  const judged = p.op === "order" ? orderHolds(bound, p.within_s) : chainHolds(bound, index);
  return { ...judged, records: bound };
}

function judgeExists(
  bound: EvidenceRecord[],
  selection: Extract<Selection, { ok: true }>,
  index: EvidenceIndex,
  capped: boolean,
): Judged {
  for (const record of bound) {
    const held = matches3(record, selection.terms);
    const label = evidenceLabel(record.position);
    if (held === false)
      return { result: false, found: `${label} does not match`, records: [record] };
    if (held === "unknown")
      return { ...unknown("no_value", `${label} does not say`), records: [record] };
  }
  if (bound.length > 0) return { result: true, found: `${bound.length} match`, records: bound };
  const { records } = selection;
  if (records.length > 0) return { result: true, found: `${records.length} match`, records };
  if (capped) return unknown("capped", "none in the part that was read");
  if (possibleMatches(index, selection.terms).length > 0) {
    return unknown("no_value", "no record says so for certain");
  }
  return { result: false, found: "no record matches" };
}

function judgeAbsent(
  selection: Extract<Selection, { ok: true }>,
  index: EvidenceIndex,
  capped: boolean,
): Judged {
  const { records, terms } = selection;
  if (terms.length === 0) return unknown("malformed", "the query names nothing");
  if (records.length > 0) return { result: false, found: `${records.length} match`, records };
  if (capped) return unknown("capped", "the evidence was cut off, so absence is not shown");
  const maybe = possibleMatches(index, terms);
  if (maybe.length > 0) {
    return { ...unknown("no_value", `${maybe.length} records do not say`), records: maybe };
  }
  return { result: true, found: "no record matches" };
}

function contains(values: (string | number)[], wanted: string): boolean {
  return wanted.length >= 4 && values.some((v) => indexOfText(String(v), wanted) >= 0);
}
