import type { DecisionView, PersonView } from "#lib/contracts/views.ts";
import type {
  DecisionContent,
  DecisionKind,
  IncidentFacts,
  ResponseAction,
} from "#lib/domain/decision/decision.ts";
import {
  blastRadiusOf,
  breakGlassRequirement,
  requirementOf,
} from "#lib/domain/decision/policy.ts";
import type { PolicyRule, Requirement } from "#lib/domain/decision/policy.ts";
import { rule, ruleSigning } from "#lib/domain/decision/gate.ts";
import type { Reason, RulingCode } from "#lib/domain/decision/gate.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";

/** What the screen knows when it asks the gate; the command asks again inside its transaction. */
export type GateQuestion = {
  person: PersonView;
  facts: IncidentFacts;
  policy: readonly PolicyRule[];
};

/** What the policy asks of this content in the incident as it stands; null: nobody may. */
export function requirementFor(
  { facts, policy }: Pick<GateQuestion, "facts" | "policy">,
  content: DecisionContent,
  breakGlass = false,
): Requirement | null {
  const { severity, types } = facts;
  const asked = requirementOf(policy, {
    kind: content.kind,
    severity,
    types,
    blastRadius: blastRadiusOf(content),
  });
  return asked && breakGlass ? breakGlassRequirement(asked) : asked;
}

/** Every reason why this content could not be proposed now; none when it may. */
export function askGate(
  question: GateQuestion,
  content: DecisionContent,
  waived: readonly string[],
  breakGlass = false,
): Reason<RulingCode>[] {
  const { person, facts } = question;
  const ruling = rule({
    content,
    facts,
    policy: requirementFor(question, content, breakGlass),
    proposer: { ...person, active: true },
    waived,
    breakGlass,
    sent: null,
  });
  return ruling.permitted ? [] : ruling.reasons;
}

/** The same before anything is filled in: only reasons that no field of the form could lift. */
export function askGateForKind(
  question: GateQuestion,
  kind: DecisionKind,
  waived: readonly string[],
  actions: readonly ResponseAction[] = [],
): Reason<RulingCode>[] {
  return askGate(question, standInFor(kind, actions), waived);
}

/** Content of this kind with nothing left to fill in; the targets named so far say how far it reaches. */
export function standInFor(
  kind: DecisionKind,
  actions: readonly ResponseAction[] = [],
): DecisionContent {
  const content = STAND_IN[kind];
  const named = actions.filter(({ target }) => target.trim() !== "");
  const distinct = [
    ...new Map(named.map((each) => [`${each.action} ${each.target}`, each])).values(),
  ];
  return content.kind === "containment" && distinct.length > 0
    ? { ...content, actions: distinct }
    : content;
}

const WORDS = "A reason that is long enough.";
const STAND_IN: { [Kind in DecisionKind]: DecisionContent } = {
  escalation: { kind: "escalation", reason: WORDS, to: "a team" },
  containment: {
    kind: "containment",
    reason: WORDS,
    actions: [{ action: "isolate_host", target: "a host" }],
  },
  closure: {
    kind: "closure",
    reason: WORDS,
    classification: "undetermined",
    classificationReason: "undetermined",
    determination: null,
  },
  reopening: { kind: "reopening", reason: WORDS },
};

export type SigningQuestion = {
  person: PersonView;
  decision: DecisionView;
  statement: Statement;
  facts: IncidentFacts;
  /** Records that the claims cite and the person has not opened. */
  notOpened: number;
  /** The server's time in ms. */
  now: number;
};

/** Every reason why this person could not approve this decision now; none when they may. */
export function askSigning(question: SigningQuestion): Reason[] {
  return reasonsAgainst(question, "approved", null);
}

/** The same for a rejection, whose own reason is still to be written. */
export function askRejecting(question: SigningQuestion): Reason[] {
  return reasonsAgainst(question, "rejected", WORDS);
}

function reasonsAgainst(
  { person, decision, statement, facts, notOpened, now }: SigningQuestion,
  outcome: "approved" | "rejected",
  reason: string | null,
): Reason[] {
  const ruling = ruleSigning({
    decision: {
      state: decision.state,
      proposerId: decision.proposer.id,
      assigneeId: decision.assigneeId,
      statementSha256: decision.statementSha256,
      incidentVersion: statement.incident.version,
      evidenceRoot: statement.evidence.root,
      claimsHash: statement.claims.hash,
      expiresAt: decision.expiresAt,
    },
    facts,
    policy: decision.needs,
    signer: { ...person, active: true },
    outcome,
    reason,
    statementSha256: decision.statementSha256,
    signOffs: decision.signOffs.map((signOff) => ({
      personId: signOff.person.id,
      role: signOff.person.role,
      outcome: signOff.outcome,
      statementSha256: decision.statementSha256,
      assurance: signOff.assurance === "passkey" ? "passkey" : "password",
      at: signOff.at,
    })),
    notOpened,
    now: new Date(now).toISOString(),
  });
  return ruling.permitted ? [] : ruling.reasons;
}

/** What changed under a proposal since its statement was frozen, in sentences. */
export function changesSince(statement: Statement, facts: IncidentFacts): string[] {
  const changes: string[] = [];
  const more = facts.evidenceCount - statement.evidence.count;
  if (statement.evidence.root !== facts.evidenceRoot) {
    changes.push(
      more > 0
        ? `${more} more evidence ${more === 1 ? "record" : "records"} came in.`
        : "The evidence changed.",
    );
  }
  if (statement.claims.hash !== facts.claimsHash)
    changes.push("The claims or what people said to them changed.");
  if (statement.incident.severity !== facts.severity)
    changes.push(`The severity is now ${facts.severity}.`);
  if (changes.length === 0 && statement.incident.version !== facts.version) {
    changes.push("The incident's status, verdict or decisions changed.");
  }
  return changes;
}
