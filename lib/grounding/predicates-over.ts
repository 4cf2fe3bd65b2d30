import { isFieldName } from "#lib/domain/evidence/fields.ts";
import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { Comparison, Predicate } from "#lib/domain/summary/claim.ts";
import type { EvidenceIndex, Selection } from "./evidence-index.ts";
import { inInstant, parseInstant } from "./instants.ts";
import { timeOf } from "./links.ts";
import { distinctValues, fieldHas, PSEUDO_FIELDS, queryValues } from "./query.ts";
import { canonicalNumber } from "./values.ts";

/** Why a predicate is unknown: it cannot be read, a value is missing, or the evidence is cut off. */
export type UnknownReason = "malformed" | "scope" | "no_value" | "no_time" | "capped";

/** What one predicate came to, before it is told. `records`: all the records it speaks of. */
export type Judged = {
  result: boolean | "unknown";
  found: string;
  reason?: UnknownReason;
  records?: EvidenceRecord[];
};

type Read = Extract<Selection, { ok: true }>;
type Edges = { first: number; last: number; untimed: boolean };

/** What is worked out once per selection: the same query is asked by many claims. */
const distinctMemo = new WeakMap<EvidenceRecord[], Map<string, number>>();
const edgesMemo = new WeakMap<EvidenceRecord[], { edges: Edges | null }>();

/** The predicates that run over a whole query: null is unknown, and a cut-off input leaves it open. */
export function judgeOver(
  p: Predicate,
  selection: Read,
  index: EvidenceIndex,
  capped: boolean,
): Judged {
  const { records } = selection;
  switch (p.op) {
    case "count":
      return { ...compare(p.cmp, records.length, p.n, capped), records };
    case "distinct":
      if (!isQueryable(p.field)) return unknown("malformed", `no such field: ${clip(p.field)}`);
      return { ...compare(p.cmp, countDistinct(records, p.field), p.n, capped), records };
    case "sum":
      return { ...judgeSum(p, records, capped), records };
    case "first_seen":
    case "last_seen":
      return { ...judgeEdge(p, records, selection, capped), records };
    case "duration":
      return { ...judgeDuration(p, records, selection, capped), records };
    case "all":
    case "only":
      return { ...judgeEvery(p, selection, index, capped), records };
    default:
      return unknown("malformed", "no such kind of predicate");
  }
}

/** `all`: some value of each record is it; `only`: no record has another. Told the other way round. */
function judgeEvery(
  p: Predicate,
  { records }: Read,
  index: EvidenceIndex,
  capped: boolean,
): Judged {
  if (!isQueryable(p.field)) return unknown("malformed", `no such field: ${clip(p.field)}`);
  if (records.length === 0) return unknown("no_value", "no record matches the query");
  if (p.value.trim() === "") return judgeEveryValue(p, records, index, capped);
  let silent = 0;
  for (const record of records) {
    const values = queryValues(record, p.field);
    const has = fieldHas(record, p.field, p.value);
    const others =
      p.op === "only" && values.length > 1 && distinctValues([record], p.field).length > 1;
    if (has === false || (has === true && others)) {
      const found = `${values.map(String).map(clip).join(", ")} in ${evidenceLabel(record.position)}`;
      return { result: false, found };
    }
    if (has === "unknown") silent += 1;
  }
  if (silent > 0) return unknown("no_value", `${silent} of ${records.length} records do not say`);
  if (capped) return unknown("capped", `${records.length} records, in the part that was read`);
  return { result: true, found: `all ${records.length} records` };
}

/** "All 7 hosts": the query's records have among them every value the incident has. */
function judgeEveryValue(
  p: Predicate,
  records: EvidenceRecord[],
  index: EvidenceIndex,
  capped: boolean,
): Judged {
  if (p.op !== "all") return unknown("malformed", "the predicate names no value");
  const whole = countDistinct(index.records, p.field);
  const here = countDistinct(records, p.field);
  if (whole === 0) return unknown("no_value", `no record gives ${p.field}`);
  const found = `${here} of ${whole}`;
  if (capped) {
    return here < whole ? { result: false, found } : unknown("capped", `${found} in the part read`);
  }
  return { result: here === whole && (p.n === 0 || p.n === whole), found };
}

function countDistinct(records: EvidenceRecord[], field: string): number {
  let known = distinctMemo.get(records);
  if (!known) distinctMemo.set(records, (known = new Map()));
  const before = known.get(field);
  if (before !== undefined) return before;
  const n = distinctValues(records, field).length;
  known.set(field, n);
  return n;
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
  selection: Read,
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
  selection: Read,
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

function timeEdges(records: EvidenceRecord[]): Edges | null {
  const known = edgesMemo.get(records);
  if (known) return known.edges;
  const edges: Edges = {
    first: Number.POSITIVE_INFINITY,
    last: Number.NEGATIVE_INFINITY,
    untimed: false,
  };
  for (const record of records) {
    const at = timeOf(record);
    if (at === null) edges.untimed = true;
    else {
      if (at < edges.first) edges.first = at;
      if (at > edges.last) edges.last = at;
    }
  }
  const made = edges.last < edges.first ? null : edges;
  edgesMemo.set(records, { edges: made });
  return made;
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

export function isQueryable(field: string): boolean {
  return isFieldName(field) || (PSEUDO_FIELDS as readonly string[]).includes(field);
}

export function unknown(reason: UnknownReason, found: string): Judged {
  return { result: "unknown", reason, found };
}

export function clip(text: string): string {
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
