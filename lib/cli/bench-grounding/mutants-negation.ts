/** M14: a negation put in, and one taken out. */
import type { DraftClaim, Predicate, Standing } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { backed, FALSE, HARD, queryOf, saying, told, unquoted } from "./lies.ts";
import { wordsOf } from "./mutant-context.ts";
import type { Operator } from "./mutant-context.ts";
import { RESERVED_NEGATIONS } from "./reserved-phrases.ts";
import { isBound } from "./slots.ts";

const NOT: Standing[] = ["contradicted", "partial"];
const VERBS: [RegExp, (verb: string) => string][] = [
  [
    /\b(connected|contacted|accessed|opened|started|launched|spawned|executed|queried|created|changed|raised|appeared|came|went|ran|failed|succeeded|received|sent)\b/,
    (v) => `did not ${base(v)}`,
  ],
  [/\blogged on\b/, () => "did not log on"],
  [/\blooked up\b/, () => "did not look up"],
  [
    /\b(was|were|is|are|has|have)\b/,
    (v) => (v.startsWith("ha") ? `${v === "has" ? "does" : "do"} not have` : `${v} not`),
  ],
  [/\b(names|records|lists|appears|gives|contains)\b/, (v) => `does not ${v.slice(0, -1)}`],
  [/\b(name|appear|span|lie|come)\b/, (v) => `do not ${v}`],
];
const BASES: Record<string, string> = {
  came: "come",
  went: "go",
  ran: "run",
  sent: "send",
  queried: "query",
  received: "receive",
  created: "create",
  changed: "change",
  raised: "raise",
  executed: "execute",
};

function base(verb: string): string {
  return BASES[verb] ?? verb.replace(/ed$/, "");
}

/** M14: "did not" put in, and taken out. */
export const negated: Operator = (claim, context, random) => {
  const plain = unquoted(claim.text);
  const adverbs = wordsOf(context, [], RESERVED_NEGATIONS);
  const isNegated = /\b(?:not|no|never|none|nothing|without|un(?:known|stated))\b/i.test(plain);
  return isNegated ? affirm(claim) : deny(claim, plain, random.pick(adverbs));
};

function deny(claim: DraftClaim, plain: string, adverb: string | undefined): Lie[] {
  if (claim.kind === "gap" || claim.predicates.some((p) => p.op === "absent")) return [];
  const hits = VERBS.map(([pattern, say]) => ({ found: pattern.exec(plain), say }));
  const hit = hits.find(({ found }) => found !== null);
  if (!hit?.found) return [];
  const { index, 0: verb } = hit.found;
  const text = claim.text.slice(0, index) + hit.say(verb) + claim.text.slice(index + verb.length);
  const lies = [
    told("negated", NOT, claim, { text }),
    told("negated, and said to be", NOT, claim, { text, polarity: "negated" }),
  ];
  if (adverb) {
    const other = `${claim.text.slice(0, index)}${adverb} ${claim.text.slice(index)}`;
    lies.push(told("adverb", NOT, claim, { text: other }));
  }
  const terms = claim.predicates.filter((p) => p.field !== "time");
  if (terms.length > 0 && isBound(claim.predicates)) {
    const predicates = [saying({ op: "absent", where: queryOf(terms) })];
    lies.push(backed("negated", FALSE, claim, { text, polarity: "negated" }, predicates));
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

/** Only what is denied in so many words: every predicate finds none. */
function affirm(claim: DraftClaim): Lie[] {
  const isDenial = claim.predicates.every((p) => p.op === "absent");
  const rule = AFFIRMED.find(([pattern]) => pattern.test(claim.text));
  if (!rule || !isDenial || claim.predicates.length === 0) return [];
  const text = claim.text.replace(rule[0], rule[1]);
  const asserts = claim.predicates.map((p): Predicate => ({ ...p, op: "exists" }));
  return [
    told("un-negated", NOT, claim, { text, polarity: "affirmed" }, asserts),
    told("un-negated, polarity kept", NOT, claim, { text }, asserts),
    backed("un-negated", HARD, claim, { text, polarity: "affirmed" }, asserts),
  ];
}
