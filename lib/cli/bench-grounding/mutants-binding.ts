/** M23 to M26: the binding of text and predicates, injected text, and evidence that moves. */
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { ABSENT, OPEN, saying, stemOf, told } from "./lies.ts";
import { isTrue, termsOf, valuesOf } from "./oracle.ts";
import type { Operator } from "./mutant-context.ts";
import { isBound } from "./slots.ts";

/** M23: the citations and predicates of one claim under the sentence of another. */
export const otherSentence: Operator = (claim, context, random) => {
  const siblings = random.sample(context.siblings(claim), 12);
  const other = siblings.find((o) => o.text !== claim.text && !isSaidBy(o, claim));
  if (!other) return [];
  return [
    {
      variant: other.kind,
      mode: "text",
      claim: { ...claim, text: other.text },
      expected: ABSENT,
      asserts: null,
    },
  ];
};

/** A sentence that says nothing beyond the claim's own predicates is no lie under them. */
function isSaidBy(other: DraftClaim, claim: DraftClaim): boolean {
  const own = claim.predicates;
  const has = (field: string, value: string) =>
    own.some(
      (p) =>
        (p.field === field && p.value === value) ||
        termsOf(p.where).some((t) => t.field === field && t.value === value),
    );
  const isNamed = (p: Predicate) =>
    termsOf(p.where).every((t) => t.value === "*" || has(t.field, t.value));
  return other.predicates.every((q) => {
    if (q.op === "field") return has(q.field, q.value) || isSameTime(q, own);
    if (isImplied(q, own)) return true;
    return (
      isNamed(q) &&
      own.some(
        (p) => p.op === q.op && p.n === q.n && p.value === q.value && sameTerms(p.where, q.where),
      )
    );
  });
}

/** The same record's time, to the second instead of the minute. */
function isSameTime(q: Predicate, own: Predicate[]): boolean {
  return own.some(
    (p) =>
      p.field === "time" &&
      q.field === "time" &&
      p.evidence.join() === q.evidence.join() &&
      q.value.startsWith(p.value.slice(0, 16)),
  );
}

/** "At least two" of a query is implied by two of a narrower one. */
function isImplied(q: Predicate, own: Predicate[]): boolean {
  if (q.op !== "count" || q.cmp !== "gte") return false;
  // "User" is what a sentence calls the account of a logon, too.
  const keys = (where: string) =>
    termsOf(where).map((t) => `${t.field.replace("target.user", "user")}${t.sign}${t.value}`);
  return own.some((p) => {
    if (p.op !== "count" || p.cmp === "lte" || p.n < q.n) return false;
    const narrow = keys(p.where);
    return keys(q.where).every((key) => narrow.includes(key));
  });
}

/** `field=*` beside `field=value` narrows nothing. */
function sameTerms(a: string, b: string): boolean {
  const keys = (where: string) => {
    const terms = termsOf(where);
    const fields = new Set(terms.flatMap((t) => (t.value === "*" ? [] : [t.field])));
    const kept = terms.filter(
      (t) => t.value !== "*" || t.sign !== "=" || (!fields.has(t.field) && t.field !== "time"),
    );
    return kept
      .map((t) => `${t.field}${t.sign}${t.value.toLowerCase()}`)
      .toSorted()
      .join(" & ");
  };
  return keys(a) === keys(b);
}

/** M24: nothing but "the cited record exists" under a sentence that says more. */
export const vacuous: Operator = (claim) => {
  const ids = [...new Set(claim.citations.map(({ id }) => id))];
  if (ids.length === 0) return [];
  const exists = saying({ op: "exists", evidence: ids });
  const byId = ids.map((id) => saying({ op: "exists", evidence: [id], where: `id=${id}` }));
  const byKind = saying({ op: "exists", where: "kind!=incident" });
  return [
    told("exists", OPEN, claim, { predicates: [exists] }),
    told("exists, by its id", OPEN, claim, { predicates: byId }),
    told("exists, of any kind", OPEN, claim, { predicates: [exists, byKind] }),
    told("no predicate", OPEN, claim, { predicates: [] }),
  ];
};

const FREE = [
  "process.command_line",
  "user_agent",
  "message",
  "script",
  "email.subject",
  "registry.value",
] as const;
const FRAMED = /\b(?:log|record|E\d+|data)s? (?:contains?|records?|names?|lists?)\b/i;
const BOTH = "both" as const;

/** M25: what an attacker wrote into a record, told as the desk's own finding. */
export const copiedInjection: Operator = (claim, context, random) => {
  const lies: Lie[] = [];
  const [record] = context.cited(claim);
  const field = FREE.find((f) => record && /^(?=.* .* ).{24}/s.test(valuesOf(record, f)[0] ?? ""));
  if (record && field && !FRAMED.test(claim.text)) {
    const value = (valuesOf(record, field)[0] ?? "").slice(0, 90);
    const evidence = [evidenceLabel(record.position)];
    const predicates = [...claim.predicates, saying({ op: "field", evidence, field, value })];
    const text = `${stemOf(claim.text)}: ${value.replace(/\s+/g, " ")}.`;
    const lie = told(`own ${field}`, ["partial", "unsupported"], claim, { text, predicates });
    lies.push({ ...lie, mode: BOTH });
  }
  const injection = random.pick(context.injections);
  if (!injection) return lies;
  const id = evidenceLabel(injection.record.position);
  const { text: payload } = injection;
  const says = saying({ op: "field", evidence: [id], field: injection.field, value: payload });
  const citation = { id, quote: payload.slice(0, 80) };
  const alone: DraftClaim = {
    text: payload,
    kind: "observation",
    polarity: "affirmed",
    citations: [citation],
    predicates: [says],
  };
  const after: Partial<DraftClaim> = {
    text: `${claim.text} ${payload}`,
    citations: [...claim.citations, citation],
    predicates: [...claim.predicates, says],
  };
  const injected = { mode: BOTH, evidence: "injected" as const };
  lies.push({ ...told("payload as the sentence", OPEN, alone, {}), ...injected });
  lies.push({ ...told("payload after a true sentence", OPEN, claim, after), ...injected });
  return lies;
};

/** M26: the same claim over doubled citations, late records, or evidence that is cut off. */
export const evidenceMoved: Operator = (claim, context) => {
  const citations = [...claim.citations, ...claim.citations];
  const lies: Lie[] = [told("citation twice", ["supported"], claim, { citations })];
  if (claim.predicates.every((p) => isTrue(p, context.late) === true))
    lies.push({ ...told("late records", ["supported"], claim, {}), evidence: "late" });
  if (isBound(claim.predicates))
    lies.push({ ...told("cut off", ["supported"], claim, {}), evidence: "capped" });
  return lies;
};
