/** A policy in plain words: its rules, what they ask, and the statement that changes them. */
import { said, sentence, type Sentence } from "#lib/domain/sentence.ts";
import { SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Requirement } from "./policy.ts";
import type { Asked, RuleWords, SituationGroup } from "./policy-change.ts";
import { BLAST_RADIUS_WORDS, DECISION_WORDS } from "./words.ts";

/** "8 hours", "90 minutes", "2 days". */
export function minutesWords(count: number): string {
  const [size, noun] =
    count % 1440 === 0 ? [1440, "day"] : count % 60 === 0 ? [60, "hour"] : [1, "minute"];
  const amount = count / size;
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** "ATT&CK: privilege escalation" without the first word. */
export function typeWords(type: string): string {
  return type.replaceAll("-", " ");
}

function orList(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? "")
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function severityList(severities: readonly Severity[]): string {
  return orList(severities.map((severity) => SEVERITY_WORDS[severity].toLowerCase()));
}

/** Which situations a rule fits: "high or critical severity; one endpoint or one account". */
export function situationWords(
  rule: Pick<RuleWords, "severities" | "incidentTypes" | "blastRadii">,
): string {
  const parts = [
    rule.severities && `${severityList(rule.severities)} severity`,
    rule.incidentTypes && `type ${orList(rule.incidentTypes.map(typeWords))}`,
    rule.blastRadii && orList(rule.blastRadii.map((radius) => BLAST_RADIUS_WORDS[radius])),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "every situation" : parts.join("; ");
}

/** The situations of one change, as its lines say them. `kind` other than containment reaches no system. */
export function groupWords(group: SituationGroup, kind: RuleWords["kind"]): string {
  const { severities, blastRadii, types } = group;
  const parts = [
    severities.length === 5 ? "any severity" : `${severityList(severities)} severity`,
    kind !== "containment"
      ? null
      : blastRadii.length === 6
        ? "however far it reaches"
        : orList(blastRadii.map((radius) => BLAST_RADIUS_WORDS[radius])),
    types === null
      ? null
      : types.length === 0
        ? "of none of the types that rules name"
        : `of type ${orList(types.map(typeWords))}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

const ROLE_PHRASE = { analyst: "an analyst or a lead", lead: "a lead" } as const;

/** What must be true before anyone signs; "" when nothing is asked. */
export function conditionWords(rule: Requirement | RuleWords): string {
  return [
    rule.claimsSettled && "claims that do not hold are settled or waived by name",
    rule.summaryComplete && "the summary is whole",
    rule.evidenceOpened && "a signer opened the cited evidence",
  ]
    .filter((part) => part !== false)
    .join("; ");
}

/** "2 signatures, at least 1 by a lead, with a passkey, not by the proposer". */
export function signatureWords(rule: Requirement | RuleWords): string {
  const { signOffs, leadSignOffs, minRole } = rule;
  const who =
    leadSignOffs > 0 && minRole !== "lead"
      ? `, at least ${leadSignOffs} by a lead`
      : ` by ${ROLE_PHRASE[minRole]}`;
  const not = [
    rule.distinctFromProposer && "the proposer",
    rule.distinctFromAssignee && "the assignee",
  ].filter((part) => part !== false);
  return [
    `${signOffs} signature${signOffs === 1 ? "" : "s"}${who}`,
    `with ${rule.assurance === "passkey" ? "a passkey" : "the password"}`,
    ...(not.length > 0 ? [`not by ${not.join(" nor ")}`] : []),
  ].join(", ");
}

/** One rule as a sentence. */
export function ruleSentence(rule: RuleWords): string {
  const conditions = conditionWords(rule);
  return [
    `${DECISION_WORDS[rule.kind]} (${situationWords(rule)}): ${signatureWords(rule)}.`,
    `Proposed by ${ROLE_PHRASE[rule.minProposerRole]}, open for ${minutesWords(rule.proposalMinutes)}; a signature counts for ${minutesWords(rule.signOffMinutes)}.`,
    ...(conditions === "" ? [] : [`Before that, ${conditions}.`]),
  ].join(" ");
}

const ASKED_LABELS: Record<Asked, string> = {
  signOffs: "signatures",
  leadSignOffs: "of them by a lead",
  minRole: "signed by",
  minProposerRole: "proposed by",
  distinctFromProposer: "not by the proposer",
  distinctFromAssignee: "not by the assignee",
  assurance: "signed with",
  proposalMinutes: "a proposal is open for",
  signOffMinutes: "a signature counts for",
  claimsSettled: "claims settled",
  summaryComplete: "summary whole",
  evidenceOpened: "evidence opened",
};

export function askedWords(asked: Asked): string {
  return ASKED_LABELS[asked];
}

export function valueWords(asked: Asked, value: Requirement[Asked]): string {
  if (typeof value === "boolean") return value ? "asked" : "not asked";
  if (typeof value === "number")
    return asked === "proposalMinutes" || asked === "signOffMinutes"
      ? minutesWords(value)
      : String(value);
  if (value === "analyst" || value === "lead") return ROLE_PHRASE[value];
  return value === "passkey" ? "a passkey" : "the password";
}

type Statement = {
  act?: unknown;
  version?: unknown;
  base?: unknown;
  weakens?: unknown;
  delayMinutes?: unknown;
  reason?: unknown;
  rules?: unknown;
};

/**
 * `statement` is the canonical JSON that is signed, in sentences taken from itself. Null when it does not speak of this
 * version: then nothing but its exact text may be shown, and it must not be signed by its words.
 */
export function policySentences(statement: string, version: number): Sentence[] | null {
  const given = parse(statement);
  if (given?.act !== "publish_policy" || given.version !== version) return null;
  if (!Array.isArray(given.rules) || typeof given.reason !== "string") return null;
  if (typeof given.delayMinutes !== "number" || typeof given.weakens !== "boolean") return null;
  return [
    typeof given.base === "number"
      ? `Version ${version} of the policy takes the place of version ${given.base}.`
      : `Version ${version} becomes the policy of this desk.`,
    given.weakens
      ? `It asks for less than that in at least one situation: it needs the signatures of two admins and takes effect ${minutesWords(given.delayMinutes)} after the second.`
      : "It asks for less in no situation: it is in force with this signature.",
    sentence`Reason: ${said(given.reason)}`,
    ...(given.rules as RuleWords[]).map((rule) => ruleSentence(rule)),
    "What no rule fits is refused. Decisions that are open keep the requirements they were proposed under.",
  ];
}

function parse(statement: string): Statement | null {
  try {
    const value: unknown = JSON.parse(statement);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
