import { SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import { said, sentence, type Sentence } from "#lib/domain/sentence.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Assurance, DecisionContent, DecisionKind } from "./decision.ts";
import type { BlastRadius, RequirementWords } from "./policy.ts";
import {
  BLAST_RADIUS_WORDS,
  CLASSIFICATION_WORDS,
  classificationReasonWords,
  DETERMINATION_WORDS,
  responseWords,
  undoWords,
} from "./words.ts";

/**
 * What a signer signs, as data: the proposal and every fact it rests on. Its canonical JSON is the statement,
 * and the hash of that is what the sign-off binds to.
 */
export type Statement = {
  /** 1: before the policy knew situations; it lacks what is marked with 2. */
  v: 1 | 2;
  kind: DecisionKind;
  /** What a signature under this means, in one sentence (21 CFR 11.50). */
  meaning: string;
  content: DecisionContent;
  /** There only where one lead may sign alone. */
  breakGlass?: true;
  incident: {
    id: string;
    number: number;
    severity: Severity;
    title: string;
    version: number;
    /** 2 */ types?: string[];
  };
  /** Of a bulk closure: each incident that it closes; `incident` is the first of them. */
  bulk?: { severities: Severity[]; types: string[]; incidents: StatedIncident[] };
  /** 2 */
  blastRadius?: BlastRadius;
  evidence: { count: number; root: string };
  claims: {
    hash: string;
    waived: {
      id: string;
      standing: "unsupported" | "contradicted";
      text: string;
      /** Of a bulk closure: the number of its incident. */
      incident?: number;
    }[];
  };
  modelRuns: string[];
  proposer: { id: string; name: string };
  policy: Partial<RequirementWords> & {
    version: number;
    signOffs: number;
    minRole: "analyst" | "lead";
    assurance: Assurance;
  };
  expiresMinutes: number;
  nonce: string;
};

export type StatedIncident = {
  id: string;
  number: number;
  severity: Severity;
  title: string;
  version: number;
  evidence: { count: number; root: string };
  /** hex sha256 */
  claims: string;
};

/** What one's signature under a bulk closure says. */
export const BULK_MEANING =
  "I have reviewed these incidents and their evidence and approve closing all of them with this classification.";

/** What one's signature says, fixed for each kind of decision. */
export const DECISION_MEANINGS: Record<DecisionKind, string> = {
  escalation: "I have reviewed this incident and approve handing it to the team named here.",
  containment:
    "I have reviewed this incident and approve that these response actions are carried out on these targets.",
  closure:
    "I have reviewed this incident and its evidence and approve closing it with this classification.",
  reopening: "I have reviewed this closed incident and approve opening it again.",
};

/** What a signature under a decision by break-glass says besides. */
export const BREAK_GLASS_MEANING =
  "I decide this alone, by break-glass, and know that another lead reviews it afterwards.";

/** The statement in plain lines, in the order a signer reads them. Nothing that is signed is left out of sight. */
export function statementSentences(statement: Statement): Sentence[] {
  const { incident, evidence, claims, proposer, policy, modelRuns } = statement;
  return [
    statement.meaning,
    ...(statement.breakGlass
      ? ["BREAK-GLASS: one lead decides alone; the reason says why nobody else could sign."]
      : []),
    ...(statement.bulk ? bulkSentences(statement.bulk) : [incidentSentence(incident)]),
    ...contentSentences(statement.content),
    sentence`Reason given: ${said(statement.content.reason)}`,
    ...(statement.bulk
      ? []
      : [
          `It rests on ${counted(evidence.count, "evidence record")} sealed under ${short(evidence.root)} and on the claims sealed under ${short(claims.hash)}.`,
        ]),
    ...waivedSentences(claims.waived, policy.claimsSettled),
    modelRuns.length === 0
      ? "No language model took part."
      : `A language model took part: ${counted(modelRuns.length, "run")} (${modelRuns.map(short).join(", ")}).`,
    sentence`Proposed by ${said(proposer.name)}.`,
    ...situationSentences(statement),
    policySentences(policy),
    ...conditionSentences(policy),
    `Not signed within ${counted(statement.expiresMinutes, "minute")} of its proposal, it expires. If ${statement.bulk ? "one of the incidents" : "the incident"}, its evidence or its claims change before that, it is void.`,
  ];
}

function incidentSentence({ number, title, severity, version }: Statement["incident"]): Sentence {
  return sentence`Incident ${incidentNumber(number)} ${said(title)}, severity ${SEVERITY_WORDS[severity].toLowerCase()}, as it stood at version ${version}.`;
}

function bulkSentences({ incidents }: NonNullable<Statement["bulk"]>): Sentence[] {
  return [
    `${counted(incidents.length, "incident")} ${incidents.length === 1 ? "is" : "are"} closed by this, each as it stood:`,
    ...incidents.map(
      ({ number, title, severity, version, evidence, claims }) =>
        sentence`- ${incidentNumber(number)} ${said(title)}, severity ${SEVERITY_WORDS[severity].toLowerCase()}, version ${version}, ${counted(evidence.count, "evidence record")} sealed under ${short(evidence.root)}, claims sealed under ${short(claims)}.`,
    ),
  ];
}

function situationSentences({ blastRadius, incident, bulk }: Statement): string[] {
  if (!blastRadius) return [];
  const types = bulk?.types ?? incident.types ?? [];
  const tactics = types.length === 0 ? "no tactic" : types.map(plain).join(", ");
  return [`Blast radius: ${BLAST_RADIUS_WORDS[blastRadius]}. The alerts name ${tactics}.`];
}

function policySentences(policy: Statement["policy"]): string {
  const { version, signOffs, leadSignOffs = 0, minRole, assurance } = policy;
  const who = minRole === "lead" ? "a lead" : "an analyst or a lead";
  const leads = leadSignOffs > 0 && minRole !== "lead" ? `, ${leadSignOffs} of them by a lead` : "";
  const others = [
    ...((policy.distinctFromProposer ?? true) ? ["the proposer"] : []),
    ...(policy.distinctFromAssignee ? ["whoever the incident is assigned to"] : []),
  ];
  const other = others.length > 0 ? ` other than ${others.join(" and ")}` : "";
  const how = assurance === "passkey" ? "each with a passkey" : "each with the password given anew";
  return `Policy ${version} asks for ${counted(signOffs, "signature")}${leads}, by ${who}${other}, ${how}.`;
}

/** What else the policy asks, of which the statement holds every word. */
function conditionSentences(policy: Statement["policy"]): string[] {
  const asked = [
    ...(policy.minProposerRole === "lead" ? ["only a lead proposes it"] : []),
    ...(policy.claimsSettled
      ? ["each claim that does not hold is settled or set aside by name"]
      : []),
    ...(policy.summaryComplete ? ["the newest summary is whole"] : []),
    ...(policy.evidenceOpened ? ["each signer has opened what the claims cite"] : []),
    ...(policy.signOffMinutes === undefined
      ? []
      : [`a signature counts for ${counted(policy.signOffMinutes, "minute")}`]),
  ];
  return asked.length === 0 ? [] : [`It asks besides that ${asked.join("; ")}.`];
}

function plain(type: string): string {
  return type.replaceAll("-", " ");
}

function contentSentences(content: DecisionContent): Sentence[] {
  if (content.kind === "escalation") return [sentence`Escalate to: ${said(content.to)}`];
  if (content.kind === "reopening")
    return ["Open the incident again; its closure stays on the trail."];
  if (content.kind === "containment") {
    return content.actions.map(
      (action) => sentence`${responseWords(action)}: ${said(action.target)}. ${undoWords(action)}`,
    );
  }
  const { classification, classificationReason, determination } = content;
  const reason = classificationReasonWords(classificationReason).toLowerCase();
  const further = determination
    ? `, determination: ${DETERMINATION_WORDS[determination].toLowerCase()}`
    : "";
  return [`Close as: ${CLASSIFICATION_WORDS[classification].toLowerCase()} (${reason})${further}.`];
}

function waivedSentences(waived: Statement["claims"]["waived"], asked = true): Sentence[] {
  if (waived.length === 0)
    return [
      asked
        ? "No claim of the current summary is left unsettled."
        : "The policy does not ask for claims to be settled, and none is set aside by name.",
    ];
  return [
    `${counted(waived.length, "claim")} did not hold against the evidence and ${waived.length === 1 ? "is" : "are"} knowingly set aside:`,
    ...waived.map(
      ({ standing, text, incident }) =>
        sentence`! ${incident === undefined ? "" : `${incidentNumber(incident)}, `}${standing === "contradicted" ? "conflicts with the evidence" : "not in the evidence"}: ${said(text)}`,
    ),
  ];
}

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

function short(hex: string): string {
  return hex.slice(0, 12);
}
