/** M10, M14, M17 to M20: direction, negation, universals, outcome, judgement and cause. */
import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import { UNUSED } from "./bench-claim.ts";
import type { Lie } from "./bench-claim.ts";
import { distinct, fieldIs, holdsOn, termsOf, valuesOf } from "./oracle.ts";
import type { Operator } from "./mutant-context.ts";
import { entitySlots, isBound, occurs, placeOf, slotsOf, typeOf } from "./slots.ts";
import type { Slot } from "./slots.ts";

const FALSE: Lie["expected"] = ["contradicted"];
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
    return swapped(claim, x, y, `${a} and ${b}`);
  }
  const chain = claim.predicates.find((p) => p.op === "chain");
  const [from, to] = chain?.evidence.map((id) => context.byLabel(id)) ?? [];
  if (!chain || !from || !to) return [];
  const x = slots.find((s) => s.field === "process.name" && fieldIs(from, s.field, s.value) === true);
  const y = slots.find((s) => s.field === "process.name" && s !== x && fieldIs(to, s.field, s.value) === true);
  return x && y ? swapped(claim, x, y, "chain") : [];
};

function swapped(claim: DraftClaim, x: Slot, y: Slot, variant: string): Lie[] {
  const text = swapIn(claim.text, x.value, y.value);
  if (text === claim.text) return [];
  const change = (p: Predicate): Predicate => {
    if (p.op === "chain") return { ...p, evidence: p.evidence.toReversed() };
    const value = exchanged(p.field, p.value, x, y);
    const where = termsOf(p.where)
      .map((t) => `${t.field}${t.sign}${exchanged(t.field, t.value, x, y)}`)
      .join(" & ");
    return { ...p, value, where: p.where === "" ? "" : where };
  };
  const asserts = variant === "chain"
    ? claim.predicates.map((p) => (p.op === "chain" ? { ...p, evidence: p.evidence.toReversed() } : p))
    : claim.predicates.map(change);
  return [
    { variant, mode: "text", claim: { ...claim, text }, expected: FALSE, asserts },
    { variant, mode: "both", claim: { ...claim, text, predicates: asserts }, expected: FALSE, asserts },
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
  return text.slice(0, i) + second + text.slice(i + first.length, j) + first + text.slice(j + second.length);
}

const VERBS: [RegExp, (verb: string) => string][] = [
  [/\b(connected|contacted|accessed|opened|started|launched|spawned|executed|queried|created|changed|raised|appeared|came|went|ran|failed|succeeded|received|sent)\b/, (v) => `did not ${base(v)}`],
  [/\blogged on\b/, () => "did not log on"],
  [/\blooked up\b/, () => "did not look up"],
  [/\b(was|were|is|are|has|have)\b/, (v) => (/^ha/.test(v) ? `${v === "has" ? "does" : "do"} not have` : `${v} not`)],
  [/\b(names|records|lists|appears|gives|contains)\b/, (v) => `does not ${v.slice(0, -1)}`],
  [/\b(name|appear|span|lie|come)\b/, (v) => `do not ${v}`],
];
const BASES: Record<string, string> = { came: "come", went: "go", ran: "run", sent: "send", queried: "query", received: "receive", created: "create", changed: "change", raised: "raise", executed: "execute" };

function base(verb: string): string {
  return BASES[verb] ?? verb.replace(/ed$/, "");
}

/** M14: "did not" put in, and taken out. */
export const negated: Operator = (claim) => {
  const plain = claim.text.replace(/"[^"]*"/g, (q) => "\u0001".repeat(q.length));
  const isNegated = /\b(?:not|no|never|none|nothing|without|does not|un(?:known|stated))\b/i.test(plain);
  return isNegated ? affirm(claim) : deny(claim, plain);
};

function deny(claim: DraftClaim, plain: string): Lie[] {
  if (claim.kind === "gap" || claim.predicates.some((p) => p.op === "absent")) return [];
  const hit = VERBS.map(([pattern, say]) => ({ found: pattern.exec(plain), say })).find(({ found }) => found);
  if (!hit?.found) return [];
  const { index } = hit.found;
  const text = claim.text.slice(0, index) + hit.say(hit.found[0]) + claim.text.slice(index + hit.found[0].length);
  const lies: Lie[] = [
    { variant: "negated", mode: "text", claim: { ...claim, text }, expected: ["contradicted", "partial"], asserts: null },
    { variant: "negated, and said to be", mode: "text", claim: { ...claim, text, polarity: "negated" }, expected: ["contradicted", "partial"], asserts: null },
  ];
  const terms = claim.predicates.filter((p) => p.op === "field" && p.where === "" && p.field !== "time");
  if (terms.length > 0 && isBound(claim.predicates)) {
    const where = terms.map((p) => `${p.field}=${/^["\s]| & |\s$/.test(p.value) ? JSON.stringify(p.value) : p.value}`).join(" & ");
    const predicates = [{ ...UNUSED, op: "absent" as const, where }];
    lies.push({ variant: "negated", mode: "both", claim: { ...claim, text, predicates, polarity: "negated" }, expected: ["contradicted"], asserts: predicates });
  }
  return lies;
}

const AFFIRMED: [RegExp, string][] = [
  [/\bThere is no\b/, "There is a"],
  [/\bThere are no\b/, "There are"],
  [/\bNo (\w+)/, "A $1"],
  [/\bno (\w+)/, "$1"],
  [/\bdid not (\w+)/, "did $1"],
  [/\bdoes not (\w+)/, "does $1"],
  [/\bdo not (\w+)/, "do $1"],
  [/\bnever (\w+)/, "$1"],
  [/\bnot /, ""],
];

function affirm(claim: DraftClaim): Lie[] {
  const absent = claim.predicates.filter((p) => p.op === "absent");
  if (absent.length === 0 || absent.length < claim.predicates.length) return [];
  const rule = AFFIRMED.find(([pattern]) => pattern.test(claim.text));
  if (!rule) return [];
  const text = claim.text.replace(rule[0], rule[1]);
  const asserts = claim.predicates.map((p): Predicate => ({ ...p, op: "exists" }));
  const affirmed = { ...claim, text, polarity: "affirmed" as const };
  return [
    { variant: "un-negated", mode: "text", claim: affirmed, expected: ["contradicted", "partial"], asserts },
    { variant: "un-negated, polarity kept", mode: "text", claim: { ...claim, text }, expected: ["contradicted", "partial"], asserts },
    { variant: "un-negated", mode: "both", claim: { ...affirmed, predicates: asserts }, expected: ["contradicted", "unsupported"], asserts },
  ];
}

/** M17: one becomes all, every, only. */
export const generalised: Operator = (claim, context, random) => {
  const slot = random.pick(entitySlots(claim).filter(({ field }) => ["host", "user", "image", "ip", "domain"].includes(typeof_(field))));
  if (!slot || /\b(?:all|every|only|each|any)\b/i.test(claim.text)) return [];
  const noun = { host: "hosts", user: "users", image: "processes", ip: "addresses", domain: "domains" }[typeof_(slot.field)] ?? "hosts";
  const one = noun.replace(/(?:es)?s$/, (s) => (noun === "processes" || noun === "addresses" ? "" : s.slice(0, -1)));
  const at = placeOf(claim.text, slot.value);
  const [before, after] = [claim.text.slice(0, at), claim.text.slice(at + slot.value.length)];
  const isWhole = distinct(context.incident.records, slot.field).length < 2;
  const lies: Lie[] = [];
  const say = (variant: string, text: string, asserts: Predicate | null, both: boolean) => {
    const truth = asserts ? [asserts] : null;
    lies.push({ variant, mode: "text", claim: { ...claim, text }, expected: ["unsupported", "contradicted", "partial"], asserts: truth });
    if (both && asserts)
      lies.push({ variant, mode: "both", claim: { ...claim, text, predicates: [...claim.predicates, asserts] }, expected: ["unsupported", "contradicted", "partial"], asserts: truth });
  };
  const bare = before.replace(/\b(?:the )?(?:host|user|process|account|source address|destination) $/i, "");
  if (!isWhole) {
    say("all", `${bare}all ${noun}${after}`, null, false);
    say("every", `${bare}every ${one}${after}`, null, false);
  }
  const rest = claim.predicates.filter((p) => p.op === "field" && p.field !== slot.field && p.field !== "time" && p.where === "");
  if (isBound(claim.predicates) && rest.length > 0) {
    const where = rest.map((p) => `${p.field}=${/^["\s]| & |\s$/.test(p.value) ? JSON.stringify(p.value) : p.value}`).join(" & ");
    const only: Predicate = { ...UNUSED, op: "only", where, field: slot.field, value: slot.value };
    const onlyText = at === 0 ? `Only ${claim.text}` : `${before}only ${claim.text.slice(at)}`;
    say("only", onlyText, only, true);
  }
  return lies;
};

function typeof_(field: string): string {
  return typeOf(field) ?? "";
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
const OPPOSITE: Record<string, string> = { failure: "success", success: "failure", blocked: "allowed", allowed: "blocked" };

/** M18: failed for succeeded, blocked for allowed. */
export const flippedOutcome: Operator = (claim, context) => {
  const isSaid = claim.predicates.some((p) => p.field === "outcome" || termsOf(p.where).some((t) => t.field === "outcome"));
  const plain = claim.text.replace(/"[^"]*"/g, (q) => "\u0001".repeat(q.length));
  const rule = OUTCOMES.find(([pattern]) => pattern.test(plain));
  if (!rule || !isSaid) return [];
  const [pattern, by, outcome] = rule;
  const hit = pattern.exec(plain)!;
  const text = claim.text.slice(0, hit.index) + (hit[0] === "failed" && /^ (?:logon|record)/.test(plain.slice(hit.index + 6)) ? "successful" : by) + claim.text.slice(hit.index + hit[0].length);
  const asserts = claim.predicates.map((p) => ({
    ...p,
    value: p.field === "outcome" && p.value === outcome ? (OPPOSITE[outcome] ?? "") : p.value,
    where: p.where.replace(`outcome=${outcome}`, `outcome=${OPPOSITE[outcome]}`),
  }));
  if (context.cited(claim).length === 0) return [];
  return [
    { variant: outcome, mode: "text", claim: { ...claim, text }, expected: FALSE, asserts },
    { variant: outcome, mode: "both", claim: { ...claim, text, predicates: asserts }, expected: FALSE, asserts },
  ];
};

const SEVERITIES = ["informational", "low", "medium", "high", "critical"];

/** M19: a higher severity, or a verdict that no record gives. */
export const inflated: Operator = (claim, context, random) => {
  const lies: Lie[] = [];
  const tails = ["a confirmed compromise", "a successful breach", "malicious activity", "a true positive", "a severe attack", "unauthorised activity"];
  const tail = random.pick(tails)!;
  const stem = claim.text.replace(/\.$/, "");
  const add = (variant: string, text: string) =>
    lies.push({ variant, mode: "text", claim: { ...claim, text }, expected: ["partial"], asserts: null });
  add("verdict after a comma", `${stem}, ${tail}.`);
  add("verdict as a sentence", `${claim.text} This is ${tail}.`);
  const severity = SEVERITIES.find((s) => occurs(claim.text, s) && claim.predicates.some((p) => p.value === s || p.where.includes(`severity=${s}`)));
  const higher = severity ? SEVERITIES[Math.min(4, SEVERITIES.indexOf(severity) + 1 + random.below(2))] : undefined;
  if (severity && higher && higher !== severity) {
    const at = placeOf(claim.text, severity);
    const text = claim.text.slice(0, at) + higher + claim.text.slice(at + severity.length);
    const asserts = claim.predicates.map((p) => ({ ...p, value: p.value === severity ? higher : p.value, where: p.where.replace(`severity=${severity}`, `severity=${higher}`) }));
    const isAbout = context.cited(claim).length > 0;
    if (isAbout) {
      lies.push({ variant: "severity", mode: "text", claim: { ...claim, text }, expected: FALSE, asserts });
      lies.push({ variant: "severity", mode: "both", claim: { ...claim, text, predicates: asserts }, expected: FALSE, asserts });
    }
  }
  return lies;
};

/** M20: a cause or an actor that no record gives. */
export const caused: Operator = (claim, context, random) => {
  const stem = claim.text.replace(/\.$/, "");
  const [record] = context.cited(claim);
  const own = record ? valuesOf(record, "host")[0] : undefined;
  const cause = random.pick(["because of a phishing e-mail", "due to a stolen password", "as a result of a misconfiguration", own ? `because ${own} was compromised` : "caused by malware"])!;
  const actor = random.pick(["by APT29", "by the group FIN7", "by a ransomware affiliate", "in a campaign of Lazarus", "by an insider"])!;
  const purpose = random.pick(["in order to steal data", "to gain persistence", "to avoid detection"])!;
  return [["cause", `${stem} ${cause}.`], ["actor", `${stem} ${actor}.`], ["purpose", `${stem} ${purpose}.`]].map(([variant = "", text = ""]) => ({
    variant,
    mode: "text" as const,
    claim: { ...claim, text },
    expected: ["partial" as const],
    asserts: null,
  }));
};

/** Whether a record would do for a claim: all its queries hold there. */
export function isAbout(claim: DraftClaim, record: Parameters<typeof holdsOn>[0]): boolean {
  return claim.predicates.some((p) =>
    p.op === "field" ? fieldIs(record, p.field, p.value) === true : holdsOn(record, termsOf(p.where)) === true,
  );
}
