import { describe, expect, test } from "vitest";
import type { IncidentFacts, Signer } from "./decision.ts";
import type { Requirement } from "./policy.ts";
import { rule, RULING_CODES, ruleSigning, SIGNING_CODES } from "./gate.ts";
import type { RuleInput, SigningInput } from "./gate.ts";

const FACTS: IncidentFacts = {
  id: "0190d1c5-0000-7000-8000-000000000001",
  number: 7,
  status: "in_progress",
  severity: "high",
  verdict: null,
  version: 3,
  evidenceCount: 4,
  evidenceRoot: "aa".repeat(32),
  claimsHash: "bb".repeat(32),
  merged: false,
  escalated: false,
  contained: false,
  unsettledClaims: [],
  hasSummary: true,
  summaryComplete: true,
  types: [],
  openDecisionKinds: [],
};
const POLICY: Requirement = {
  policyVersion: 1,
  kind: "closure",
  minProposerRole: "analyst",
  signOffs: 1,
  leadSignOffs: 0,
  minRole: "analyst",
  distinctFromProposer: true,
  distinctFromAssignee: false,
  claimsSettled: true,
  summaryComplete: false,
  evidenceOpened: false,
  assurance: "password",
  proposalMinutes: 480,
  signOffMinutes: 15,
};
const ANA: Signer = { id: "ana", name: "Ana", role: "analyst", active: true };
const REASON = "The scanner is ours and was announced.";
const CLOSURE: RuleInput["content"] = {
  kind: "closure",
  reason: REASON,
  classification: "benign_positive",
  classificationReason: "suspicious_but_expected",
  determination: null,
};
const ISOLATE = { action: "isolate_host", target: "ws-014" } as const;
const FALSE_CLAIM = {
  id: "claim-1",
  text: "Host X was encrypted.",
  standing: "unsupported",
} as const;

const PERMITTED: RuleInput = {
  content: CLOSURE,
  facts: FACTS,
  policy: POLICY,
  proposer: ANA,
  waived: [],
};

function facts(change: Partial<IncidentFacts>): Partial<RuleInput> {
  return { facts: { ...FACTS, ...change } };
}
function containment(actions: unknown[]): Partial<RuleInput> {
  return { content: { kind: "containment", reason: REASON, actions } as RuleInput["content"] };
}
function closure(change: object): Partial<RuleInput> {
  return { content: { ...CLOSURE, ...change } as RuleInput["content"] };
}

const TAKE_BACK = containment([{ ...ISOLATE, undoOf: "run-1" }]);
const SENT = { run: "run-1", ...ISOLATE, stands: true };
const GONE = { ...SENT, stands: false };
const CLOSED = facts({ status: "closed" });
const LET_GO = { ...TAKE_BACK, ...CLOSED };
const MORE = [
  { ...ISOLATE, undoOf: "run-1" },
  { ...ISOLATE, target: "ws-015" },
];
const BESIDE = { ...containment(MORE), ...CLOSED, sent: [SENT] };

const REFUSALS: [sentence: string, change: Partial<RuleInput>, codes: string[]][] = [
  [
    "break-glass whose reason does not say why nobody else could sign",
    { breakGlass: true },
    ["break_glass_reason_short"],
  ],
  ["no rule, no decision", { policy: null }, ["policy_missing"]],
  [
    "an account that was switched off",
    { proposer: { ...ANA, active: false } },
    ["proposer_inactive"],
  ],
  ["an auditor", { proposer: { ...ANA, role: "auditor" } }, ["proposer_role"]],
  ["an admin", { proposer: { ...ANA, role: "admin" } }, ["proposer_role"]],
  ["a merged incident", facts({ merged: true }), ["incident_merged"]],
  ["closing what is closed", CLOSED, ["incident_closed"]],
  [
    "opening again what is open",
    { content: { kind: "reopening", reason: REASON } },
    ["incident_not_closed"],
  ],
  [
    "escalating twice",
    {
      content: { kind: "escalation", reason: REASON, to: "Tier 3" },
      ...facts({ escalated: true }),
    },
    ["already_escalated"],
  ],
  [
    "a second closure beside an open one",
    facts({ openDecisionKinds: ["closure"] }),
    ["decision_open"],
  ],
  ["closing without a summary", facts({ hasSummary: false }), ["summary_missing"]],
  [
    "a summary that is not whole, where the policy asks for one",
    { policy: { ...POLICY, summaryComplete: true }, ...facts({ summaryComplete: false }) },
    ["summary_incomplete"],
  ],
  [
    "an analyst where a lead must propose",
    { policy: { ...POLICY, minProposerRole: "lead" } },
    ["proposer_role"],
  ],
  ["a claim nobody dealt with", facts({ unsettledClaims: [FALSE_CLAIM] }), ["claims_unsettled"]],
  ["a waiver of something else", { waived: ["claim-9"] }, ["waiver_unknown"]],
  ["a reason that says nothing", closure({ reason: "  ok      " }), ["reason_missing"]],
  [
    "escalating to nobody",
    { content: { kind: "escalation", reason: REASON, to: " " } },
    ["addressee_missing"],
  ],
  ["a classification of our own", closure({ classification: "meh" }), ["classification_unknown"]],
  [
    "a reason of another classification",
    closure({ classificationReason: "suspicious_activity" }),
    ["classification_reason_mismatch"],
  ],
  ["a determination of our own", closure({ determination: "meh" }), ["determination_unknown"]],
  ["containment without an action", containment([]), ["actions_missing"]],
  [
    "an action we do not have",
    containment([{ action: "format_disk", target: "ws-014" }]),
    ["action_unknown"],
  ],
  [
    "the same action twice",
    containment([ISOLATE, { ...ISOLATE, target: "WS-014 " }]),
    ["action_repeated"],
  ],
  ["an action on nothing", containment([{ ...ISOLATE, target: "  " }]), ["target_missing"]],
  [
    "a target with a hidden mark",
    containment([{ ...ISOLATE, target: "ws-\u202e410" }]),
    ["target_invalid"],
  ],
  ["taking back what was never sent", { ...TAKE_BACK, sent: [] }, ["undo_unknown"]],
  ["taking back where nobody looked what was sent", TAKE_BACK, ["undo_unknown"]],
  [
    "taking back another's isolation",
    { ...TAKE_BACK, sent: [{ ...SENT, target: "ws-015" }] },
    ["undo_unknown"],
  ],
  [
    "taking back by another action",
    { ...TAKE_BACK, sent: [{ ...SENT, action: "collect_artifacts" }] },
    ["undo_unknown"],
  ],
  [
    "a containment of what is closed",
    { ...containment([ISOLATE]), ...CLOSED },
    ["incident_closed"],
  ],
  ["another containment beside one, of what is closed", BESIDE, ["incident_closed"]],
  ["what was never sent, of what is closed", { ...LET_GO, sent: [] }, ["undo_unknown"]],
  ["what is taken back already, of what is closed", { ...LET_GO, sent: [GONE] }, ["undo_done"]],
  [
    "all of it at once",
    { policy: null, ...facts({ status: "closed", hasSummary: false }), ...closure({ reason: "" }) },
    ["policy_missing", "incident_closed", "summary_missing", "reason_missing"],
  ],
];

describe("a proposal is refused with every reason:", () => {
  test.each(REFUSALS)("%s", (_sentence, change, codes) => {
    const ruling = rule({ ...PERMITTED, ...change });
    expect(ruling.permitted ? [] : ruling.reasons.map(({ code }) => code)).toEqual(codes);
  });

  test("each code has a row", () => {
    expect(new Set(REFUSALS.flatMap(([, , codes]) => codes))).toEqual(new Set(RULING_CODES));
  });
});

describe("a proposal is permitted:", () => {
  test.each<[string, Partial<RuleInput>]>([
    ["a closure with everything in place", {}],
    [
      "a closure whose false claim is waived by name",
      { ...facts({ unsettledClaims: [FALSE_CLAIM] }), waived: [FALSE_CLAIM.id] },
    ],
    [
      "a false claim, where the policy does not ask about claims",
      { policy: { ...POLICY, claimsSettled: false }, ...facts({ unsettledClaims: [FALSE_CLAIM] }) },
    ],
    ["taking back what was sent", { ...TAKE_BACK, sent: [SENT] }],
    ["taking back what stands of a closed incident", { ...LET_GO, sent: [SENT] }],
    ["taking back once more, of an open incident", { ...TAKE_BACK, sent: [GONE] }],
    ["taking back, on a screen that does not know what was sent", { ...TAKE_BACK, sent: null }],
    ["a second containment", { ...containment([ISOLATE]), ...facts({ contained: true }) }],
    [
      "opening again a closed incident",
      { content: { kind: "reopening", reason: REASON }, ...facts({ status: "closed" }) },
    ],
    [
      "an escalation without a summary",
      {
        content: { kind: "escalation", reason: REASON, to: "Tier 3" },
        ...facts({ hasSummary: false }),
      },
    ],
  ])("%s", (_sentence, change) => {
    expect(rule({ ...PERMITTED, ...change })).toEqual({
      permitted: true,
      needs: { signOffs: 1, minRole: "analyst", assurance: "password" },
    });
  });
});

const BEN: Signer = { id: "ben", name: "Ben", role: "analyst", active: true };
const SIGNABLE: SigningInput = {
  decision: {
    state: "proposed",
    proposerId: ANA.id,
    assigneeId: null,
    statementSha256: "cc".repeat(32),
    incidentVersion: FACTS.version,
    evidenceRoot: FACTS.evidenceRoot,
    claimsHash: FACTS.claimsHash,
    expiresAt: "2026-03-01T10:00:00.000Z",
  },
  facts: FACTS,
  policy: POLICY,
  signer: BEN,
  outcome: "approved",
  reason: null,
  statementSha256: "cc".repeat(32),
  signOffs: [],
  notOpened: 0,
  now: "2026-03-01T09:59:59.000Z",
};
const SIGNED_BY_BEN = {
  personId: BEN.id,
  role: BEN.role,
  outcome: "approved",
  statementSha256: SIGNABLE.statementSha256,
  assurance: "password",
  at: SIGNABLE.now,
} as const;

function decision(change: Partial<SigningInput["decision"]>): Partial<SigningInput> {
  return { decision: { ...SIGNABLE.decision, ...change } };
}

const SIGNING_REFUSALS: [sentence: string, change: Partial<SigningInput>, codes: string[]][] = [
  ["no rule, no signature", { policy: null }, ["policy_missing"]],
  ["an account that was switched off", { signer: { ...BEN, active: false } }, ["signer_inactive"]],
  ["one's own proposal", { signer: ANA }, ["signer_is_proposer"]],
  [
    "one's own incident, where the policy keeps them apart",
    { policy: { ...POLICY, distinctFromAssignee: true }, ...decision({ assigneeId: BEN.id }) },
    ["signer_is_assignee"],
  ],
  [
    "an analyst where a lead must sign",
    { policy: { ...POLICY, minRole: "lead" } },
    ["role_too_low"],
  ],
  ["an auditor", { signer: { ...BEN, role: "auditor" } }, ["role_too_low"]],
  ["a decision that was withdrawn", decision({ state: "withdrawn" }), ["not_open"]],
  ["the second it expires", { now: SIGNABLE.decision.expiresAt }, ["expired"]],
  ["new evidence since", { facts: { ...FACTS, evidenceRoot: "dd".repeat(32) } }, ["stale"]],
  ["another version since", { facts: { ...FACTS, version: 4 } }, ["stale"]],
  ["a claim disputed since", { facts: { ...FACTS, claimsHash: "dd".repeat(32) } }, ["stale"]],
  ["another statement than was shown", { statementSha256: "dd".repeat(32) }, ["statement_changed"]],
  [
    "evidence that the policy asks a signer to open, left unopened",
    { policy: { ...POLICY, evidenceOpened: true }, notOpened: 2 },
    ["evidence_not_opened"],
  ],
  ["signing twice", { signOffs: [SIGNED_BY_BEN] }, ["already_signed"]],
  ["a rejection without a reason", { outcome: "rejected" }, ["rejection_reason_missing"]],
  [
    "all of it at once",
    { signer: ANA, statementSha256: "dd".repeat(32), ...decision({ state: "stale" }) },
    ["signer_is_proposer", "not_open", "statement_changed"],
  ],
];

describe("a signature is refused with every reason:", () => {
  test.each(SIGNING_REFUSALS)("%s", (_sentence, change, codes) => {
    const ruling = ruleSigning({ ...SIGNABLE, ...change });
    expect(ruling.permitted ? [] : ruling.reasons.map(({ code }) => code)).toEqual(codes);
  });

  test("each code has a row", () => {
    expect(new Set(SIGNING_REFUSALS.flatMap(([, , codes]) => codes))).toEqual(
      new Set(SIGNING_CODES),
    );
  });
});

test("a rejection never needs the evidence opened, and no approval does where the policy does not ask", () => {
  const asking = { ...POLICY, evidenceOpened: true };
  const reason = "Not enough evidence.";
  const rejecting = { outcome: "rejected", policy: asking, notOpened: 9, reason } as const;
  expect(ruleSigning({ ...SIGNABLE, ...rejecting }).permitted).toBe(true);
  expect(ruleSigning({ ...SIGNABLE, notOpened: 9 }).permitted).toBe(true);
  expect(ruleSigning({ ...SIGNABLE, policy: asking, notOpened: 0 }).permitted).toBe(true);
});

test("a lead may sign what an analyst proposed, and reject it with a reason", () => {
  const lead: Signer = { ...BEN, role: "lead" };
  expect(ruleSigning({ ...SIGNABLE, signer: lead }).permitted).toBe(true);
  expect(
    ruleSigning({ ...SIGNABLE, signer: lead, outcome: "rejected", reason: "Not enough evidence." })
      .permitted,
  ).toBe(true);
});
