/** M10 and M18: the two ends of a relation exchanged, and another outcome. */
import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { backed, FALSE, told, unquoted } from "./lies.ts";
import { fieldIs, termsOf } from "./oracle.ts";
import type { Operator } from "./mutant-context.ts";
import { placeOf, slotsOf } from "./slots.ts";
import type { Slot } from "./slots.ts";

const PAIRS = [
  ["source.ip", "destination.ip"],
  ["source.port", "destination.port"],
  ["process.name", "parent.name"],
  ["process.path", "parent.path"],
  ["process.pid", "parent.pid"],
  ["process.name", "target.process"],
  ["user", "target.user"],
  ["host", "source.host"],
  ["host", "source.ip"],
] as const;

/** M10: the two ends of a relation in each other's place. */
export const swappedDirection: Operator = (claim, context) => {
  const slots = slotsOf(claim);
  for (const [a, b] of PAIRS) {
    const [x, y] = [slots.find((s) => s.field === a), slots.find((s) => s.field === b)];
    if (!x || !y || x.value.toLowerCase() === y.value.toLowerCase()) continue;
    if (a === "user" && x.evidence.length === 0) continue;
    return swapped(claim, x, y, `${a} and ${b}`);
  }
  const chain = claim.predicates.find((p) => p.op === "chain");
  const [from, to] = chain?.evidence.map((id) => context.byLabel(id)) ?? [];
  if (!chain || !from || !to) return [];
  const x = slots.find(
    (s) => s.field === "process.name" && fieldIs(from, s.field, s.value) === true,
  );
  const y = slots.find(
    (s) => s.field === "process.name" && s !== x && fieldIs(to, s.field, s.value) === true,
  );
  return x && y ? swapped(claim, x, y, "chain") : [];
};

function swapped(claim: DraftClaim, x: Slot, y: Slot, variant: string): Lie[] {
  const text = swapIn(claim.text, x.value, y.value);
  if (text === claim.text) return [];
  const asserts = claim.predicates.map((p): Predicate => {
    if (variant === "chain")
      return p.op === "chain" ? { ...p, evidence: p.evidence.toReversed() } : p;
    const terms = termsOf(p.where).map(
      (t) => `${t.field}${t.sign}${exchanged(t.field, t.value, x, y)}`,
    );
    return { ...p, value: exchanged(p.field, p.value, x, y), where: terms.join(" & ") };
  });
  return [
    told(variant, FALSE, claim, { text }, asserts),
    backed(variant, FALSE, claim, { text }, asserts),
  ];
}

function exchanged(field: string, value: string, x: Slot, y: Slot): string {
  if (field === x.field && value === x.value) return y.value;
  return field === y.field && value === y.value ? x.value : value;
}

function swapIn(text: string, a: string, b: string): string {
  const [at, other] = [placeOf(text, a), placeOf(text, b)];
  if (at < 0 || other < 0) return text;
  const [first, second] = at < other ? [a, b] : [b, a];
  const [i, j] = [Math.min(at, other), Math.max(at, other)];
  return (
    text.slice(0, i) +
    second +
    text.slice(i + first.length, j) +
    first +
    text.slice(j + second.length)
  );
}

const OUTCOMES: [RegExp, string, string][] = [
  [/\bfailed\b/i, "succeeded", "failure"],
  [/\bfailures\b/i, "successes", "failure"],
  [/\bfailure\b/i, "success", "failure"],
  [/\bsucceeded\b/i, "failed", "success"],
  [/\bsuccessfully\b/i, "unsuccessfully", "success"],
  [/\bsuccessful\b/i, "failed", "success"],
  [/\bsuccess\b/i, "failure", "success"],
  [/\bblocked\b/i, "allowed", "blocked"],
  [/\ballowed\b/i, "blocked", "allowed"],
];
const OPPOSITE: Record<string, string> = {
  failure: "success",
  success: "failure",
  blocked: "allowed",
  allowed: "blocked",
};

/** M18: failed for succeeded, blocked for allowed. */
export const flippedOutcome: Operator = (claim) => {
  const isSaid = claim.predicates.some(
    (p) => p.field === "outcome" || termsOf(p.where).some((t) => t.field === "outcome"),
  );
  const plain = unquoted(claim.text);
  const [pattern, opposite, outcome] = OUTCOMES.find(([word]) => word.test(plain)) ?? [];
  const hit = pattern?.exec(plain);
  if (!hit || !outcome || !opposite || !isSaid) return [];
  const before = claim.text.slice(0, hit.index);
  const after = claim.text.slice(hit.index + hit[0].length);
  const isAdjective = /^failed$/i.test(hit[0]) && /^ (?:logon|record)/.test(after);
  const text = before + (isAdjective ? "successful" : opposite) + after;
  const asserts = claim.predicates.map((p) => ({
    ...p,
    value: p.field === "outcome" && p.value === outcome ? (OPPOSITE[outcome] ?? "") : p.value,
    where: p.where.replace(`outcome=${outcome}`, `outcome=${OPPOSITE[outcome]}`),
  }));
  return [
    told(outcome, FALSE, claim, { text }, asserts),
    backed(outcome, FALSE, claim, { text }, asserts),
  ];
};
