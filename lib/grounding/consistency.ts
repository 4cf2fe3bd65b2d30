import { FIELD_NAMES } from "#lib/domain/evidence/fields.ts";
import type { ClaimCheck, Predicate } from "#lib/domain/summary/claim.ts";
import { check } from "./checks.ts";
import { type EvidenceIndex, findRecord } from "./evidence-index.ts";
import { parseInstant } from "./instants.ts";
import { describePredicate } from "./predicates.ts";
import { parseWhere, queryValues } from "./query.ts";
import { canonicalValue, sameCanonical, valueType } from "./values.ts";

const LISTS = new Set(["technique", "technique.original", "tactic", "id"]);
const NUMBERED = new Set(["count", "distinct", "sum"]);
const KNOWN = new Set<string>([...FIELD_NAMES, "kind", "source", "format", "time", "time.quality"]);

/**
 * Predicates of one claim that cannot both hold, whatever the records say: two counts of one query,
 * two values of a field that has one, a query that is empty and is not. One check for each pair.
 */
export function checkConsistency(predicates: Predicate[], index: EvidenceIndex): ClaimCheck[] {
  const rivals = new Map<string, Predicate[]>();
  for (const predicate of predicates) {
    for (const topic of topicsOf(predicate, index)) {
      const known = rivals.get(topic);
      if (known) known.push(predicate);
      else rivals.set(topic, [predicate]);
    }
  }
  const checks: ClaimCheck[] = [];
  for (const about of rivals.values()) {
    const [first, ...others] = about;
    const other = first && others.find((p) => excludes(first, p));
    if (!first || !other) continue;
    const said = `${describePredicate(first)}; ${describePredicate(other)}`;
    const asked = first.evidence.length > 0 ? {} : { query: first.where };
    checks.push({
      ...check("contradictory", "contradicted", said, "these exclude each other"),
      ...asked,
    });
  }
  return checks;
}

/** What a predicate speaks of: only those of one topic can exclude each other. */
function topicsOf(p: Predicate, index: EvidenceIndex): string[] {
  const query = queryOf(p.where);
  if (p.op === "field") {
    if (!KNOWN.has(p.field) || LISTS.has(p.field)) return [];
    return p.evidence.flatMap((id) => {
      const record = findRecord(index, id);
      if (!record || queryValues(record, p.field).length > 1) return [];
      return [`field|${record.id}|${p.field}`];
    });
  }
  if (p.evidence.length > 0) return [];
  if (NUMBERED.has(p.op)) {
    const exists = p.op === "count" ? [`exists|${query}`] : [];
    return [`${p.op}|${p.field}|${query}`, ...exists];
  }
  if (p.op === "first_seen" || p.op === "last_seen" || p.op === "duration")
    return [`${p.op}|${query}`];
  if (p.op === "exists" || p.op === "absent") return [`exists|${query}`];
  if (p.op === "all" || p.op === "only") {
    return p.value === "" || LISTS.has(p.field) ? [] : [`every|${p.field}|${query}`];
  }
  return [];
}

function excludes(a: Predicate, b: Predicate): boolean {
  if (a.op === "field" || a.op === "all" || a.op === "only") return otherValue(a, b);
  if (a.op === "first_seen" || a.op === "last_seen") return otherTime(a.value, b.value);
  const [one, two] = [rangeOf(a), rangeOf(b)];
  return one !== null && two !== null && (one.low > two.high || two.low > one.high);
}

function otherValue(a: Predicate, b: Predicate): boolean {
  if (a.value.trim() === "" || b.value.trim() === "") return false;
  if (a.field === "time") return otherTime(a.value, b.value);
  const type = valueType(a.field);
  if (type === "text") return !a.value.includes(b.value) && !b.value.includes(a.value);
  return sameCanonical(canonicalValue(type, a.value), canonicalValue(type, b.value)) === false;
}

function otherTime(a: string, b: string): boolean {
  const [one, two] = [parseInstant(a), parseInstant(b)];
  return one !== null && two !== null && (one.start >= two.end || two.start >= one.end);
}

/** The numbers a predicate leaves possible: `exists` is at least one, `absent` none. */
function rangeOf(p: Predicate): { low: number; high: number } | null {
  if (p.op === "exists") return { low: 1, high: Number.POSITIVE_INFINITY };
  if (p.op === "absent") return { low: 0, high: 0 };
  if (!Number.isFinite(p.n) || p.n < 0 || p.n > Number.MAX_SAFE_INTEGER) return null;
  const slack = p.op === "duration" ? Math.max(1, p.n / 10) : 0;
  if (p.cmp === "gte") return { low: p.n, high: Number.POSITIVE_INFINITY };
  if (p.cmp === "lte") return { low: 0, high: p.n };
  return { low: p.n - slack, high: p.n + slack };
}

/** The same query however its terms are ordered; the text itself when it is none. */
function queryOf(where: string): string {
  const parsed = parseWhere(where);
  if (!parsed.ok) return where;
  const terms = parsed.terms.map((t) => {
    const value =
      t.op === "eq" || t.op === "ne" ? canonicalValue(valueType(t.field), t.value) : null;
    return `${t.field} ${t.op} ${value ? `${value.key} ${value.qualifier ?? ""}` : t.value}`;
  });
  return [...new Set(terms)].toSorted().join(" & ");
}
