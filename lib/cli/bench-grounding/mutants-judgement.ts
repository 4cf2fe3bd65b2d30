/** M17, M19, M20: more than the records show: all, only, verdicts, causes, actors. */
import type { Predicate, Standing } from "#lib/domain/summary/claim.ts";
import { backed, FALSE, OPEN, queryOf, saying, stemOf, told } from "./lies.ts";
import { distinct, valuesOf } from "./oracle.ts";
import { wordsOf } from "./mutant-context.ts";
import type { Operator } from "./mutant-context.ts";
import {
  RESERVED_ACTORS,
  RESERVED_CAUSES,
  RESERVED_PURPOSES,
  RESERVED_UNIVERSALS,
  RESERVED_VERDICTS,
} from "./reserved-phrases.ts";
import { entitySlots, isBound, occurs, placeOf, typeOf } from "./slots.ts";

const BEYOND: Standing[] = ["unsupported", "contradicted", "partial"];
const NOUNS: Record<string, [string, string]> = {
  host: ["host", "hosts"],
  user: ["user", "users"],
  image: ["process", "processes"],
  ip: ["address", "addresses"],
  domain: ["domain", "domains"],
};
const NOUN_BEFORE = /\b(?:the )?(?:host|user|process|account|source address|destination) $/i;

/** M17: one becomes all, every, only. */
export const generalised: Operator = (claim, context, random) => {
  const slots = entitySlots(claim).filter(({ field }) => NOUNS[typeOf(field) ?? ""]);
  const slot = random.pick(slots);
  const [one, many] = NOUNS[typeOf(slot?.field ?? "") ?? ""] ?? [];
  if (!slot || !one || /\b(?:all|every|only|each|any)\b/i.test(claim.text)) return [];
  const at = placeOf(claim.text, slot.value);
  const before = claim.text.slice(0, at);
  const after = claim.text.slice(at + slot.value.length);
  const bare = before.replace(NOUN_BEFORE, "");
  const whole = random.pick(wordsOf(context, [], RESERVED_UNIVERSALS));
  const isWhole = distinct(context.incident.records, slot.field).length < 2;
  const lies = isWhole
    ? []
    : [
        told("all", BEYOND, claim, { text: `${bare}all ${many}${after}` }),
        told("every", BEYOND, claim, { text: `${bare}every ${one}${after}` }),
        ...(whole ? [told("whole", BEYOND, claim, { text: `${bare}${whole}${after}` })] : []),
      ];
  const rest = claim.predicates.filter((p) => p.field !== slot.field && p.field !== "time");
  if (!isBound(claim.predicates) || rest.length === 0) return lies;
  const { field, value } = slot;
  const only: Predicate = saying({ op: "only", where: queryOf(rest), field, value });
  const text = at === 0 ? `Only ${claim.text}` : `${before}only ${claim.text.slice(at)}`;
  const predicates = [...claim.predicates, only];
  lies.push(told("only", BEYOND, claim, { text }, [only]));
  lies.push(backed("only", BEYOND, claim, { text, predicates }, [only]));
  return lies;
};

const SEVERITIES = ["informational", "low", "medium", "high", "critical"];
const VERDICTS = [
  "a confirmed compromise",
  "a successful breach",
  "malicious activity",
  "a true positive",
  "a severe attack",
  "unauthorised activity",
];

/** M19: a higher severity, or a verdict that no record gives. */
export const inflated: Operator = (claim, context, random) => {
  const verdict = random.pick(wordsOf(context, VERDICTS, RESERVED_VERDICTS)) ?? "";
  const lies = [
    told("verdict after a comma", OPEN, claim, { text: `${stemOf(claim.text)}, ${verdict}.` }),
    told("verdict as a sentence", OPEN, claim, { text: `${claim.text} This is ${verdict}.` }),
  ];
  const severity = SEVERITIES.find(
    (s) =>
      occurs(claim.text, s) &&
      claim.predicates.some((p) => p.value === s || p.where.includes(`severity=${s}`)),
  );
  const step = 1 + random.below(2);
  const higher = SEVERITIES[Math.min(4, SEVERITIES.indexOf(severity ?? "") + step)];
  if (!severity || !higher || higher === severity) return lies;
  const at = placeOf(claim.text, severity);
  const text = claim.text.slice(0, at) + higher + claim.text.slice(at + severity.length);
  const asserts = claim.predicates.map((p) => ({
    ...p,
    value: p.value === severity ? higher : p.value,
    where: p.where.replace(`severity=${severity}`, `severity=${higher}`),
  }));
  lies.push(told("severity", FALSE, claim, { text }, asserts));
  lies.push(backed("severity", FALSE, claim, { text }, asserts));
  return lies;
};

const CAUSES = [
  "because of a phishing e-mail",
  "due to a stolen password",
  "as a result of a misconfiguration",
  "caused by malware",
];
const ACTORS = [
  "by APT29",
  "by the group FIN7",
  "by a ransomware affiliate",
  "in a campaign of Lazarus",
  "by an insider",
];
const PURPOSES = ["in order to steal data", "to gain persistence", "to avoid detection"];

/** M20: a cause, an actor or a purpose that no record gives. */
export const caused: Operator = (claim, context, random) => {
  const stem = stemOf(claim.text);
  const host = context.cited(claim).flatMap((r) => valuesOf(r, "host"))[0];
  const own = host ? [...CAUSES, `because ${host} was compromised`] : CAUSES;
  const causes = wordsOf(context, own, RESERVED_CAUSES);
  const actors = wordsOf(context, ACTORS, RESERVED_ACTORS);
  const purposes = wordsOf(context, PURPOSES, RESERVED_PURPOSES);
  return [
    told("cause", OPEN, claim, { text: `${stem} ${random.pick(causes)}.` }),
    told("actor", OPEN, claim, { text: `${stem} ${random.pick(actors)}.` }),
    told("purpose", OPEN, claim, { text: `${stem} ${random.pick(purposes)}.` }),
  ];
};
