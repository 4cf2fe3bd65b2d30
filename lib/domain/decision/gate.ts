/**
 * Who may decide what, and when: pure, so that a button, a command and a test ask the same. Postgres asks
 * again (schema `gate`); this says why, with every reason at once.
 */
import type {
  DecisionContent,
  DecisionState,
  IncidentFacts,
  Signer,
  SentResponse,
  SignOffFact,
} from "./decision.ts";
import type { Requirement } from "./policy.ts";
import { contentReasons, onlyTakesBack, undoReasons } from "./content-rules.ts";

export const RULING_CODES = [
  "policy_missing",
  "proposer_inactive",
  "proposer_role",
  "incident_merged",
  "incident_closed",
  "incident_not_closed",
  "already_escalated",
  "decision_open",
  "summary_missing",
  "summary_incomplete",
  "claims_unsettled",
  "waiver_unknown",
  "reason_missing",
  "break_glass_reason_short",
  "addressee_missing",
  "classification_unknown",
  "classification_reason_mismatch",
  "determination_unknown",
  "actions_missing",
  "action_unknown",
  "action_repeated",
  "target_missing",
  "target_invalid",
  "undo_unknown",
  "undo_done",
] as const;
export type RulingCode = (typeof RULING_CODES)[number];

export const SIGNING_CODES = [
  "policy_missing",
  "signer_inactive",
  "signer_is_proposer",
  "signer_is_assignee",
  "role_too_low",
  "not_open",
  "expired",
  "stale",
  "statement_changed",
  "already_signed",
  "evidence_not_opened",
  "rejection_reason_missing",
] as const;
export type SigningCode = (typeof SIGNING_CODES)[number];

export type Reason<Code extends string = string> = { code: Code; sentence: string };
export type Ruling =
  | { permitted: true; needs: { signOffs: number; minRole: "analyst" | "lead"; assurance: string } }
  | { permitted: false; reasons: Reason<RulingCode>[] };
export type SigningRuling =
  | { permitted: true }
  | { permitted: false; reasons: Reason<SigningCode>[] };

/** A reason shorter than this says nothing. */
export const REASON_CHARACTERS_MIN = 10;
/** Whoever decides alone says besides why nobody else could sign. */
export const BREAK_GLASS_REASON_CHARACTERS_MIN = 40;

export type RuleInput = {
  content: DecisionContent;
  facts: IncidentFacts;
  /** What the policy in force asks in this situation; null means nobody may. */
  policy: Requirement | null;
  proposer: Signer;
  /** Ids of the unsettled claims the proposer sets aside by name. */
  waived: readonly string[];
  /** What was sent from here for this incident; null where that is not known and the command looks. Default: nothing. */
  sent?: readonly SentResponse[] | null;
  /** The proposer, a lead, means to sign alone; `policy` is then what break-glass makes of it. */
  breakGlass?: boolean;
};

/** Whether this may be proposed now. A refusal names every reason, not the first. */
export function rule(input: RuleInput): Ruling {
  const { content, facts, policy, proposer } = input;
  const reasons: Reason<RulingCode>[] = [];
  function refuse(code: RulingCode, sentence: string): void {
    reasons.push({ code, sentence });
  }
  if (!policy)
    refuse(
      "policy_missing",
      `The policy in force has no rule for a ${content.kind}, so nobody may propose one.`,
    );
  if (!proposer.active) refuse("proposer_inactive", "Your account is not active.");
  if (proposer.role !== "analyst" && proposer.role !== "lead") {
    refuse("proposer_role", "Only analysts and leads propose decisions.");
  } else if (policy && ROLE_RANK[proposer.role] < ROLE_RANK[policy.minProposerRole]) {
    refuse("proposer_role", "Only a lead may propose this.");
  }
  reasons.push(...incidentReasons(content, facts), ...claimReasons(input));
  if (content.reason.trim().length < REASON_CHARACTERS_MIN) {
    refuse(
      "reason_missing",
      `Give a reason of at least ${REASON_CHARACTERS_MIN} characters: the signer and the auditor read it.`,
    );
  }
  if (input.breakGlass && content.reason.trim().length < BREAK_GLASS_REASON_CHARACTERS_MIN) {
    refuse(
      "break_glass_reason_short",
      `Break-glass needs a reason of at least ${BREAK_GLASS_REASON_CHARACTERS_MIN} characters that says why nobody else could sign.`,
    );
  }
  const isClosed = facts.status === "closed";
  reasons.push(...contentReasons(content), ...undoReasons(content, input.sent, isClosed));
  if (reasons.length > 0 || !policy) return { permitted: false, reasons };
  const { signOffs, minRole, assurance } = policy;
  return { permitted: true, needs: { signOffs, minRole, assurance } };
}

function incidentReasons(content: DecisionContent, facts: IncidentFacts): Reason<RulingCode>[] {
  const { kind } = content;
  const reasons: Reason<RulingCode>[] = [];
  if (facts.merged) {
    reasons.push({
      code: "incident_merged",
      sentence: "This incident was merged into another; decide there.",
    });
  }
  if (kind === "reopening") {
    if (facts.status !== "closed") {
      reasons.push({
        code: "incident_not_closed",
        sentence: "Only a closed incident can be opened again.",
      });
    }
  } else if (facts.status === "closed" && !onlyTakesBack(content)) {
    reasons.push({
      code: "incident_closed",
      sentence:
        kind === "containment"
          ? "The incident is closed; a containment may only take back what stands, or open the incident again first."
          : "The incident is closed; open it again first.",
    });
  }
  if (kind === "escalation" && facts.escalated) {
    reasons.push({ code: "already_escalated", sentence: "The incident is escalated already." });
  }
  if (facts.openDecisionKinds.includes(kind)) {
    reasons.push({
      code: "decision_open",
      sentence: `Another ${kind} is waiting for a signature; sign, reject or withdraw it first.`,
    });
  }
  return reasons;
}

/** A closure rests on the summary, so there must be one, and what it gets wrong must be dealt with. */
function claimReasons({ content, facts, policy, waived }: RuleInput): Reason<RulingCode>[] {
  const reasons: Reason<RulingCode>[] = [];
  if (content.kind === "closure" && !facts.hasSummary) {
    reasons.push({
      code: "summary_missing",
      sentence: "There is no summary of this incident yet; a closure rests on one.",
    });
  }
  if (policy?.summaryComplete && !facts.summaryComplete) {
    reasons.push({
      code: "summary_incomplete",
      sentence: "The policy asks for a whole summary, and the newest one is none.",
    });
  }
  const unsettled = facts.unsettledClaims.filter(({ id }) => !waived.includes(id));
  if (unsettled.length > 0 && policy?.claimsSettled) {
    const sentence = `${unsettled.length === 1 ? "1 claim" : `${unsettled.length} claims`} in the model's summary ${unsettled.length === 1 ? "is" : "are"} not borne out by the evidence. Dispute, correct or waive each one by name.`;
    reasons.push({ code: "claims_unsettled", sentence });
  }
  const known = new Set(facts.unsettledClaims.map(({ id }) => id));
  if (waived.some((id) => !known.has(id))) {
    reasons.push({
      code: "waiver_unknown",
      sentence: "A claim you waived needs no waiver any more; look at the claims again.",
    });
  }
  return reasons;
}

export type SigningInput = {
  decision: {
    state: DecisionState;
    proposerId: string;
    /** Whose incident it was when this was proposed. */
    assigneeId: string | null;
    statementSha256: string;
    incidentVersion: number;
    evidenceRoot: string;
    claimsHash: string;
    /** ISO 8601 UTC. */
    expiresAt: string;
  };
  facts: IncidentFacts;
  policy: Requirement | null;
  signer: Signer;
  outcome: "approved" | "rejected";
  reason: string | null;
  /** The digest of what the signer was shown. */
  statementSha256: string;
  signOffs: readonly SignOffFact[];
  /** How many records that the claims on the screen cite (`gate.cited_evidence`) the signer has not opened. */
  notOpened: number;
  /** The database's time, ISO 8601 UTC. */
  now: string;
};

/** Whether this person may sign or reject now. Postgres checks the password besides. */
export function ruleSigning(input: SigningInput): SigningRuling {
  const { decision, policy, signer, now } = input;
  const reasons: Reason<SigningCode>[] = [];
  function refuse(code: SigningCode, sentence: string): void {
    reasons.push({ code, sentence });
  }
  if (!policy)
    refuse(
      "policy_missing",
      "The policy has no rule for this kind of decision, so nobody may sign it.",
    );
  if (!signer.active) refuse("signer_inactive", "Your account is not active.");
  if (policy?.distinctFromProposer && signer.id === decision.proposerId) {
    refuse("signer_is_proposer", "You proposed this; another person must sign it.");
  }
  if (
    policy?.distinctFromAssignee &&
    signer.id === decision.assigneeId &&
    input.outcome === "approved"
  ) {
    refuse(
      "signer_is_assignee",
      "The incident was assigned to you when this was proposed; somebody else must approve it.",
    );
  }
  if (policy && ROLE_RANK[signer.role] < ROLE_RANK[policy.minRole]) {
    refuse(
      "role_too_low",
      policy.minRole === "lead"
        ? "Only a lead may sign this."
        : "Only an analyst or a lead may sign this.",
    );
  }
  reasons.push(...stateReasons(input));
  if (input.statementSha256 !== decision.statementSha256) {
    refuse(
      "statement_changed",
      "What you were shown is not what would be signed; read the statement again.",
    );
  }
  if (input.signOffs.some(({ personId }) => personId === signer.id)) {
    refuse("already_signed", "You have signed or rejected this already.");
  }
  reasons.push(...openingReasons(input));
  if (input.outcome === "rejected" && (input.reason ?? "").trim().length < REASON_CHARACTERS_MIN) {
    refuse(
      "rejection_reason_missing",
      `Say in at least ${REASON_CHARACTERS_MIN} characters why you reject it.`,
    );
  }
  if (decision.state === "proposed" && Date.parse(decision.expiresAt) <= Date.parse(now)) {
    refuse("expired", "The proposal has expired; propose it again.");
  }
  return reasons.length === 0 ? { permitted: true } : { permitted: false, reasons };
}

function openingReasons({ policy, outcome, notOpened }: SigningInput): Reason<SigningCode>[] {
  if (!policy?.evidenceOpened || outcome === "rejected" || notOpened === 0) return [];
  const left = notOpened === 1 ? "1 record" : `${notOpened} records`;
  return [
    {
      code: "evidence_not_opened",
      sentence: `The policy asks a signer to open what the claims cite; you have yet to open ${left}.`,
    },
  ];
}

function stateReasons({ decision, facts }: SigningInput): Reason<SigningCode>[] {
  if (decision.state !== "proposed") {
    return [
      {
        code: "not_open",
        sentence: `This decision is not open any more: it ${STATE_WORDS[decision.state]}.`,
      },
    ];
  }
  const holds =
    decision.incidentVersion === facts.version &&
    decision.evidenceRoot === facts.evidenceRoot &&
    decision.claimsHash === facts.claimsHash;
  if (holds) return [];
  return [
    {
      code: "stale",
      sentence:
        "The incident changed after this was proposed, so it can no longer be signed; propose it again on what stands now.",
    },
  ];
}

const ROLE_RANK: Record<Signer["role"], number> = { auditor: 0, admin: 0, analyst: 1, lead: 2 };

const STATE_WORDS: Record<Exclude<DecisionState, "proposed">, string> = {
  in_effect: "is in effect",
  refused: "was refused",
  rejected: "was rejected",
  withdrawn: "was withdrawn",
  expired: "expired",
  stale: "went stale",
};
