import { expect, test } from "vitest";
import { ruleBulk } from "./bulk.ts";
import type { BulkInput } from "./bulk.ts";
import type { IncidentFacts } from "./decision.ts";

function member(number: number, change: Partial<IncidentFacts> = {}): IncidentFacts {
  return {
    id: `incident-${number}`,
    number,
    status: "new",
    severity: "low",
    verdict: null,
    version: 1,
    evidenceCount: 1,
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
    ...change,
  };
}

const claim = (id: string) => ({ id, text: "Not so.", standing: "unsupported" as const });

const INPUT: BulkInput = {
  content: {
    kind: "closure",
    reason: "All of these are one mistake of the rule.",
    classification: "false_positive",
    classificationReason: "incorrect_alert_logic",
    determination: null,
  },
  members: [member(1), member(2), member(3)],
  assignees: 0,
  notAlone: new Set(),
  policy: {
    policyVersion: 1,
    kind: "closure",
    minProposerRole: "analyst",
    signOffs: 1,
    leadSignOffs: 0,
    minRole: "analyst",
    distinctFromProposer: true,
    distinctFromAssignee: true,
    claimsSettled: true,
    summaryComplete: false,
    evidenceOpened: false,
    assurance: "password",
    proposalMinutes: 480,
    signOffMinutes: 15,
  },
  proposer: { id: "ana", name: "Ana", role: "analyst", active: true },
  waived: [],
};

const said = (change: Partial<BulkInput>) =>
  ruleBulk({ ...INPUT, ...change }).map(({ code, sentence }) => `${code}: ${sentence}`);

const CASES: [name: string, change: Partial<BulkInput>, reasons: (string | RegExp)[]][] = [
  ["what each could be closed alone may be closed together", {}, []],
  [
    "what stands in the way of some names them",
    { members: [member(1, { status: "closed" }), member(2), member(3, { status: "closed" })] },
    [/^incident_closed: INC-000001, INC-000003: The incident is closed/],
  ],
  [
    "what stands in the way of many names five",
    {
      members: [member(9), ...[1, 2, 3, 4, 5, 6, 7].map((n) => member(n, { hasSummary: false }))],
    },
    [/^summary_missing: INC-000001, .*INC-000005 and 2 more: There is no summary/],
  ],
  [
    "what stands in the way of all is said once",
    { proposer: { ...INPUT.proposer, role: "auditor" } },
    ["proposer_role: Only analysts and leads propose decisions."],
  ],
  [
    "a claim of one that does not hold is waived for that one alone",
    {
      members: [
        member(1, { unsettledClaims: [claim("a")] }),
        member(2, { unsettledClaims: [claim("b")] }),
      ],
      waived: ["a"],
    },
    [/^claims_unsettled: INC-000002: 1 claim/],
  ],
  [
    "one that nobody may close alone",
    { notAlone: new Set([member(2).id]) },
    [/^policy_missing: INC-000002: The policy in force has no rule/],
  ],
  ["a waiver that no claim needs", { waived: ["x"] }, [/^waiver_unknown: A claim you waived/]],
  [
    "several assignees, where the policy keeps an assignee from signing",
    { assignees: 2 },
    [/^assignees_several: /],
  ],
];

test.each(CASES)("%s", (_, change, reasons) => {
  const found = said(change);
  expect(found).toHaveLength(reasons.length);
  for (const [n, reason] of reasons.entries()) expect(found[n]).toMatch(reason);
});
