import { isFieldName } from "#lib/domain/evidence/fields.ts";
import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { Comparison, Predicate } from "#lib/domain/summary/claim.ts";
import {
  type EvidenceIndex,
  findRecord,
  possibleMatches,
  type Selection,
  selectWhere,
} from "./evidence-index.ts";
import { inInstant, parseInstant } from "./instants.ts";
import { chainHolds, orderHolds, timeOf } from "./links.ts";
import { distinctValues, fieldHas, matches3, PSEUDO_FIELDS, queryValues } from "./query.ts";
import { canonicalNumber, valueType } from "./values.ts";

/** Why a predicate is unknown: it cannot be read, a value is missing, or the evidence is cut off. */
export type UnknownReason = "malformed" | "scope" | "no_value" | "no_time" | "capped";

/** What one predicate came to. `records` are all the records it speaks of. */
export type PredicateOutcome = {
  result: boolean | "unknown";
  reason: UnknownReason | null;
  said: string;
  found: string;
  where: string[];
  records: EvidenceRecord[];
};

type Judged = Pick<PredicateOutcome, "result" | "found"> & {
  reason?: UnknownReason;
  records?: EvidenceRecord[];
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
      return `${p.evidence.slice(0, 10).join(" before ")}${p.within_s > 0 ? ` within ${p.within_s} s` : ""}`;
    case "chain":
      return p.evidence.slice(0, 10).join(" started ");
    case "first_seen":
      return `${over} begin at ${clip(p.value)}`;
    case "last_seen":
      return `${over} end at ${clip(p.value)}`;
    case "duration":
      return `${over} span ${sign}${p.n} s`;
    default:
      return "an unknown kind of predicate";
  }
}

function judge(p: Predicate, index: EvidenceIndex, capped: boolean): Judged {
  const bound: EvidenceRecord[] = [];
  for (const id of p.evidence) {
    const record = findRecord(index, id);
    if (!record) return unknown("scope", `${clip(id)} is not in this incident`);
    bound.push(record);
  }
  const selection = selectWhere(index, p.where);
  if (!selection.ok) return unknown("malformed", selection.reason);
  if (!Number.isFinite(p.n) || p.n < 0)
    return unknown("malformed", `${p.n} is no number to compare`);
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
      return judgeOver(p, selection.records, selection, capped);
  }
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

function judgeOver(
  p: Predicate,
  records: EvidenceRecord[],
  selection: Extract<Selection, { ok: true }>,
  capped: boolean,
): Judged {
  switch (p.op) {
    case "count":
      return { ...compare(p.cmp, records.length, p.n, capped), records };
    case "distinct":
      if (!isQueryable(p.field)) return unknown("malformed", `no such field: ${clip(p.field)}`);
      return { ...compare(p.cmp, distinctValues(records, p.field).length, p.n, capped), records };
    case "sum":
      return { ...judgeSum(p, records, capped), records };
    case "first_seen":
    case "last_seen":
      return { ...judgeEdge(p, records, selection, capped), records };
    case "duration":
      return { ...judgeDuration(p, records, selection, capped), records };
    default:
      return unknown("malformed", "no such kind of predicate");
  }
}

function judgeSum(p: Predicate, records: EvidenceRecord[], capped: boolean): Judged {
  if (!isQueryable(p.field)) return unknown("malformed", `no such field: ${clip(p.field)}`);
  let sum = 0;
  let known = 0;
  for (const record of records) {
    for (const value of queryValues(record, p.field)) {
      const n = Number(canonicalNumber(String(value)) ?? Number.NaN);
      if (Number.isNaN(n)) continue;
      sum += n;
      known += 1;
    }
  }
  if (known === 0) return unknown("no_value", `no record gives ${p.field}`);
  return compare(p.cmp, sum, p.n, capped);
}

/** Records without a time leave the edge open, unless the query asks for known times (`time=*`). */
function judgeEdge(
  p: Predicate,
  records: EvidenceRecord[],
  selection: Extract<Selection, { ok: true }>,
  capped: boolean,
): Judged {
  const wanted = parseInstant(p.value);
  if (!wanted) return unknown("malformed", `not a time: ${clip(p.value)}`);
  const edges = timeEdges(records);
  if (!edges) return unknown("no_time", "no record of the query has a time");
  const at = p.op === "first_seen" ? edges.first : edges.last;
  const found = new Date(at).toISOString();
  const open = capped || (edges.untimed && !selection.terms.some((t) => t.field === "time"));
  if (inInstant(at, wanted)) {
    if (!open) return { result: true, found };
    return unknown(capped ? "capped" : "no_time", `${found}, but not all times are known`);
  }
  const refuted = p.op === "first_seen" ? at < wanted.start : at >= wanted.end;
  if (open && !refuted) return unknown(capped ? "capped" : "no_time", found);
  return { result: false, found };
}

function judgeDuration(
  p: Predicate,
  records: EvidenceRecord[],
  selection: Extract<Selection, { ok: true }>,
  capped: boolean,
): Judged {
  const edges = timeEdges(records);
  if (!edges) return unknown("no_time", "no record of the query has a time");
  const seconds = (edges.last - edges.first) / 1000;
  const open = edges.untimed && !selection.terms.some((t) => t.field === "time");
  const near = p.cmp === "eq" || p.cmp === "none" ? roundingOf(p.n) : 0;
  const judged = compare(
    p.cmp,
    Math.abs(seconds - p.n) <= near ? p.n : seconds,
    p.n,
    capped || open,
  );
  return {
    ...judged,
    reason: judged.result === "unknown" && open ? "no_time" : judged.reason,
    found: `${seconds} s`,
  };
}

/** "300 s" stands for five minutes: half the unit it divides by, at most a tenth, at least 1 s. */
function roundingOf(seconds: number): number {
  const unit = [86_400, 3600, 60].find((u) => seconds >= u && seconds % u === 0) ?? 1;
  return Math.max(1, Math.min(unit / 2, seconds / 10));
}

function timeEdges(
  records: EvidenceRecord[],
): { first: number; last: number; untimed: boolean } | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let untimed = false;
  for (const record of records) {
    const at = timeOf(record);
    if (at === null) untimed = true;
    else {
      if (at < first) first = at;
      if (at > last) last = at;
    }
  }
  return last < first ? null : { first, last, untimed };
}

/** `open`: more records may come, so the true value is this one or larger. */
function compare(cmp: Comparison, found: number, n: number, open: boolean): Judged {
  const text = String(found);
  const holds = cmp === "gte" ? found >= n : cmp === "lte" ? found <= n : found === n;
  if (!open) return { result: holds, found: text };
  if (cmp === "gte" && holds) return { result: true, found: text };
  if (cmp !== "gte" && found > n) return { result: false, found: text };
  return unknown("capped", `${text} in the part that was read`);
}

function contains(values: (string | number)[], wanted: string): boolean {
  return wanted.length >= 4 && values.some((v) => String(v).includes(wanted));
}

function isQueryable(field: string): boolean {
  return isFieldName(field) || (PSEUDO_FIELDS as readonly string[]).includes(field);
}

function unknown(reason: UnknownReason, found: string): Judged {
  return { result: "unknown", reason, found };
}

function clip(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
