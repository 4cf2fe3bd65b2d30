import { describe, expect, test } from "vitest";
import type { SignOffView } from "#lib/contracts/views.ts";
import type { Requirement } from "#lib/domain/decision/policy.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { policySentence } from "./policy-words.ts";
import { requirementLines, signOffWords } from "./requirement-lines.ts";
import type { RequirementInput } from "./requirement-lines.ts";

const NEEDS: Requirement = {
  policyVersion: 1,
  kind: "closure",
  minProposerRole: "analyst",
  signOffs: 2,
  leadSignOffs: 1,
  minRole: "analyst",
  distinctFromProposer: true,
  distinctFromAssignee: true,
  claimsSettled: true,
  summaryComplete: true,
  evidenceOpened: true,
  assurance: "passkey",
  proposalMinutes: 60,
  signOffMinutes: 15,
};
const NOW = Date.parse("2026-03-01T10:00:00.000Z");

function signOff(role: "analyst" | "lead", minutesAgo: number): SignOffView {
  const at = new Date(NOW - minutesAgo * 60_000).toISOString();
  const person = { id: `${role}-${minutesAgo}`, name: role, role };
  return {
    id: at,
    person,
    outcome: "approved",
    assurance: "passkey",
    reason: null,
    void: null,
    at,
  };
}

function input(over: Partial<RequirementInput> = {}): RequirementInput {
  const statement = { claims: { waived: [{ id: "c-1" }] } } as unknown as Statement;
  const facts = { unsettledClaims: [], summaryComplete: true };
  return { needs: NEEDS, signOffs: [], statement, facts, cited: 3, opened: 3, now: NOW, ...over };
}

function missing(over: Partial<RequirementInput>): string[] {
  return requirementLines(input(over)).flatMap(({ met, words }) => (met === false ? words : []));
}

describe("what is still missing", () => {
  const TWO = [signOff("analyst", 1), signOff("lead", 1)];
  test.each<[sentence: string, over: Partial<RequirementInput>, words: string[]]>([
    ["nothing, once both have signed", { signOffs: TWO }, []],
    [
      "both signatures at first",
      {},
      ["0 of 2 signatures by an analyst or a lead", "0 of 1 by a lead"],
    ],
    [
      "the lead, where two analysts have signed: their second fills no lead's place",
      { signOffs: [signOff("analyst", 1), signOff("analyst", 2)] },
      ["1 of 2 signatures by an analyst or a lead", "0 of 1 by a lead"],
    ],
    [
      "a signature that has grown old",
      { signOffs: [signOff("analyst", 15), signOff("lead", 1)] },
      ["1 of 2 signatures by an analyst or a lead"],
    ],
    [
      "what is not opened",
      { signOffs: TWO, opened: 1 },
      ["Each signer has opened what the claims cite: you have opened 1 of 3"],
    ],
    [
      "a claim that nobody settled, but not one that is set aside",
      {
        signOffs: TWO,
        facts: {
          summaryComplete: false,
          unsettledClaims: ["c-1", "c-2"].map((id) => ({
            id,
            text: "",
            standing: "unsupported" as const,
          })),
        },
      },
      ["1 claim neither settled nor set aside by name", "A whole summary"],
    ],
  ])("is %s", (_sentence, over, words) => {
    expect(missing(over)).toEqual(words);
  });

  test("is never what the policy does not ask", () => {
    const lax = { ...NEEDS, claimsSettled: false, summaryComplete: false, evidenceOpened: false };
    const facts = {
      summaryComplete: false,
      unsettledClaims: [{ id: "c-2", text: "", standing: "unsupported" as const }],
    };
    expect(missing({ needs: lax, facts, opened: 0 })).toHaveLength(2);
  });
});

test("a signature says how long it counts, and when it does no more", () => {
  const decision = { needs: NEEDS, state: "proposed" } as const;
  expect(signOffWords(decision, signOff("lead", 5), NOW)).toBe("Counts for 10:00 more");
  expect(signOffWords(decision, signOff("lead", 15), NOW)).toMatch(/^Counts no more/);
  expect(signOffWords({ ...decision, state: "in_effect" }, signOff("lead", 5), NOW)).toBeNull();
});

test("a proposer reads beforehand what the policy will ask", () => {
  expect(policySentence(NEEDS)).toBe(
    "Two signatures by an analyst or a lead, one of them by a lead, other than you or whoever the incident is assigned to, each with a passkey and after opening what the claims cite. Not signed within an hour, it expires.",
  );
  expect(policySentence({ ...NEEDS, signOffs: 1, minRole: "lead", evidenceOpened: false })).toBe(
    "One signature by a lead other than you or whoever the incident is assigned to, with a passkey. Not signed within an hour, it expires.",
  );
});
