import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { type Fact, fold, isVacuous, isWithin } from "./bindings.ts";
import { heldFields } from "./held-fields.ts";
import { check } from "./checks.ts";
import type { CitedClaim } from "./citations.ts";
import { isQuantity } from "./entities.ts";
import { type EvidenceIndex, findRecord } from "./evidence-index.ts";
import { timeOf } from "./links.ts";
import { timeCovers } from "./quantities.ts";
import { matches, parseWhere, queryValues, type Term } from "./query.ts";
import type { Reading } from "./reading.ts";
import { canonicalIp, canonicalNumber, valueType } from "./values.ts";

/** Our own words, that no source wrote: there is nothing of them to quote. */
const UNQUOTABLE = new Set([
  "kind",
  "source",
  "format",
  "outcome",
  "severity",
  "event.class",
  "time.quality",
]);
/** Where a source's own spelling of one of our words stands. */
const ORIGINALS: Record<string, string[]> = {
  severity: ["severity.original"],
  technique: ["technique", "technique.original"],
  action: ["action", "event.code"],
  id: ["id"],
};
const BOUND = new Set(["field", "order", "chain"]);
const TIMED = new Set(["order", "first_seen", "last_seen", "duration"]);
const ZONE_STEP_MS = 900_000;
/** A quote has four characters; what is shorter can hardly be quoted by itself. */
const MIN_QUOTABLE = 4;
const MAX_RAW = 300_000;

type Scope = {
  reading: Reading;
  facts: Fact[];
  index: EvidenceIndex;
  cited: CitedClaim;
  rawText: (id: string) => string | null;
};
/** A fact with the terms of its query alone: those a record must meet. */
type Query = { fact: Fact; terms: Term[]; keys: Set<string> };

/**
 * A citation must bear on its claim (M12). Its record is one that a bound predicate names or that a
 * query of the claim selects, and its quote holds something the claim is about. Replacing the
 * example of a count by another record of the same query, quoted as fitly, is no error.
 */
export function checkBearing(scope: Scope): ClaimCheck[] {
  const facts = scope.facts.filter((f) => !isVacuous(f));
  const about = facts.length === 0 ? null : readFacts(facts, scope.index);
  const checks: ClaimCheck[] = [];
  for (const record of scope.cited.records) {
    const found = about ? judge(record, about, scope) : judgeBare(record, scope);
    // What no cited record has is unsupported by itself; one idle citation among others is not.
    const effect = about ? "unsupported" : "partial";
    if (found) checks.push(check("cited_id", effect, "the citation", found, [record]));
  }
  return [...checks, ...(about ? checkShown(about, scope) : [])];
}

/** Each of the numbers a claim tells side by side is shown by a record of its own query. */
function checkShown(about: About, { cited }: Scope): ClaimCheck[] {
  const narrow = about.queries.filter(
    (q) => q.fact.predicate.op === "count" && isNamed(q) && isNarrow(q, about),
  );
  if (narrow.length < 2 || narrow.length > cited.records.length) return [];
  const missing = narrow.find((q) => !cited.records.some((r) => matches(r, q.terms)));
  if (!missing) return [];
  const found = "no cited record is one of them";
  const { said, records } = missing.fact.outcome;
  const asked = { query: missing.fact.predicate.where };
  return [{ ...check("cited_id", "unsupported", said, found, records), ...asked }];
}

/** Names somebody or something, not only a kind of record. */
function isNamed({ terms }: Query): boolean {
  return terms.some((t) => t.op === "eq" && !UNQUOTABLE.has(t.field));
}

/** `isAbsence`: all the claim says is that there is none; then any record shows what was searched. */
type About = { bound: Map<EvidenceRecord, Fact[]>; queries: Query[]; isAbsence: boolean };

function readFacts(facts: Fact[], index: EvidenceIndex): About {
  const bound = new Map<EvidenceRecord, Fact[]>();
  const queries: Query[] = [];
  for (const fact of facts) {
    const { op, evidence, where } = fact.predicate;
    if (BOUND.has(op) || (op === "exists" && evidence.length > 0)) {
      for (const id of evidence) {
        const record = findRecord(index, id);
        if (record) bound.set(record, [...(bound.get(record) ?? []), fact]);
      }
      continue;
    }
    const parsed = parseWhere(where);
    const terms = parsed.ok ? parsed.terms : [];
    queries.push({ fact, terms, keys: keysOf(terms) });
  }
  return {
    bound,
    queries: queries.filter((q) => !findsNone(q.fact)),
    isAbsence: queries.length > 0 && bound.size === 0 && queries.every((q) => findsNone(q.fact)),
  };
}

/** Why the record does not bear on the claim, or null when it does. */
function judge(record: EvidenceRecord, about: About, scope: Scope): string | null {
  const bound = about.bound.get(record) ?? [];
  const selecting = about.queries.filter(
    (q) => matches(record, q.terms) && (isNarrow(q, about) || isEdgeOf(q, record)),
  );
  const facts = [...bound, ...selecting.map((q) => q.fact)];
  if (facts.length === 0) {
    if (about.isAbsence) return null;
    return "no predicate of the claim is about this record";
  }
  const wide = about.queries.flatMap((q) => (matches(record, q.terms) ? [q.fact] : []));
  const bears = quoteBears(record, facts, scope) ?? quoteBears(record, wide, scope) ?? true;
  return bears ? null : "its quote holds nothing the claim is about";
}

/** The 94 of "45 of 94" is no reason to cite one of the other 49. */
function isNarrow(query: Query, { queries, bound }: About): boolean {
  if (query.keys.size === 0 && bound.size > 0) return false;
  return !queries.some(
    (q) => q.keys.size > query.keys.size && [...query.keys].every((k) => q.keys.has(k)),
  );
}

function isEdgeOf({ fact }: Query, record: EvidenceRecord): boolean {
  const { op } = fact.predicate;
  return (
    (op === "first_seen" || op === "last_seen") && timeOf(record) === Date.parse(fact.outcome.found)
  );
}

/** Without predicates: the record has at least one thing the text names. */
function judgeBare(record: EvidenceRecord, { reading, cited }: Scope): string | null {
  const things = reading.entities.filter((e) => e.type !== "label" && !isQuantity(e.type));
  const times = reading.entities.filter((e) => e.type === "time");
  if (things.length === 0 && times.length === 0) return null;
  const at = timeOf(record);
  if (at !== null && times.some((e) => timeCovers(e, at))) return null;
  const quotes = (cited.quotes.get(record.id) ?? []).map(fold);
  const held =
    [...things, ...times].some((e) => quotes.some((q) => isWithin(fold(e.text), q))) ||
    things.some((e) => heldFields(e, record).length > 0);
  return held ? null : "the record has nothing that the claim names";
}

/**
 * Whether some quote from the record holds an entity of the text or a value the facts speak of; null
 * when they speak of nothing that could be quoted.
 */
function quoteBears(record: EvidenceRecord, facts: Fact[], scope: Scope): boolean | null {
  const quotes = scope.cited.quotes.get(record.id);
  if (!quotes) return true; // the quote has its own check
  const at = timeOf(record);
  const timed = facts.some(
    (f) => TIMED.has(f.predicate.op) || f.terms.some((t) => t.field === "time"),
  );
  const folded = quotes.map(fold);
  if (at !== null && timed && quotes.some((q) => spellsTime(q, at))) return true;
  const { values, isQuotable } = valuesOf(record, facts);
  if (folded.some((q) => values.some((v) => holds(q, v)))) return true;
  const named = scope.reading.entities.filter((e) => e.type !== "label" && !isQuantity(e.type));
  if (folded.some((q) => named.some((e) => holds(q, fold(e.text))))) return true;
  if (!isQuotable && (at === null || !timed)) return null;
  return !isSpelled(scope.rawText(record.id), values, timed ? at : null);
}

/** Whether the record's own words hold what a quote could have held. */
function isSpelled(raw: string | null, values: string[], at: number | null): boolean {
  if (raw === null || raw.length > MAX_RAW) return true;
  const folded = fold(raw);
  return (
    values.some((v) => v.length >= MIN_QUOTABLE && isWithin(v, folded)) ||
    (at !== null && spellsTime(raw, at))
  );
}

/** The record's own values of the fields that the facts ask about; quotable if a source wrote one. */
function valuesOf(
  record: EvidenceRecord,
  facts: Fact[],
): { values: string[]; isQuotable: boolean } {
  const fields = new Set<string>();
  for (const { predicate, terms } of facts) {
    for (const t of terms) if (t.op !== "unknown") fields.add(t.field);
    if (predicate.field !== "") fields.add(predicate.field);
  }
  fields.delete("time");
  const values: string[] = [];
  let isQuotable = false;
  for (const field of fields) {
    for (const source of Object.hasOwn(ORIGINALS, field) ? ORIGINALS[field]! : [field]) {
      for (const value of queryValues(record, source)) {
        if (value === "") continue;
        // every alert's text says "alert": that it is one bears on nothing
        if (field !== "kind") values.push(fold(String(value)));
        isQuotable ||= !UNQUOTABLE.has(field) && String(value).length >= MIN_QUOTABLE;
        const n = valueType(field) === "number" ? canonicalNumber(String(value)) : null;
        if (n !== null) values.push(`0x${BigInt(Math.trunc(Number(n))).toString(16)}`);
      }
    }
  }
  return { values, isQuotable };
}

/** A whole value, the beginning of a long one, or an address in another spelling. */
function holds(quote: string, value: string): boolean {
  if (isWithin(value, quote)) return true;
  if (value.includes(":") && canonicalIp(value) === value) {
    return (quote.match(/[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}/g) ?? []).some(
      (ip) => canonicalIp(ip) === value,
    );
  }
  return value.length >= 24 && (quote.includes(value.slice(0, 24)) || value.includes(quote));
}

/** The instant in any zone: "2026-03-01 04:14" two hours east of UTC, or seconds since 1970. */
function spellsTime(quote: string, at: number): boolean {
  for (const [, day, minute, second] of quote.matchAll(
    /(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2}))?/g,
  )) {
    const told = Date.parse(`${day}T${minute}:${second ?? "00"}Z`);
    const floor = second === undefined ? at - (at % 60_000) : at - (at % 1000);
    if (Math.abs(told - floor) <= 14 * 3_600_000 && (told - floor) % ZONE_STEP_MS === 0)
      return true;
  }
  const seconds = String(Math.floor(at / 1000));
  return quote.includes(seconds) || quote.includes(String(at));
}

function findsNone({ predicate: p }: Fact): boolean {
  return p.op === "absent" || (p.op === "count" && p.n === 0 && p.cmp !== "gte");
}

/** `user=*` beside `user=jdoe`, and `time=*`, make no query narrower. */
function keysOf(terms: Term[]): Set<string> {
  const pinned = new Set(terms.flatMap((t) => (t.op === "eq" ? [t.field] : [])));
  const telling = terms.filter(
    (t) => t.op !== "known" || (t.field !== "time" && !pinned.has(t.field)),
  );
  return new Set(telling.map(({ field, op, value }) => `${field}${op}${value.toLowerCase()}`));
}
