import fc from "fast-check";
import { expect, test } from "vitest";
import {
  confidenceOf,
  judgeAutomation,
  previewOf,
  type AutomationFacts,
  type AutomationRule,
} from "./automation.ts";
import { anyFacts, anyRules, FACTS, RULE } from "./automation-fixtures.ts";

test.each([
  // claims, supported, contradicted, worst alert, sources → claims + severity + sources = total
  [4, 4, 0, "critical", 3, 40, 30, 30, 100],
  [4, 4, 0, "high", 1, 40, 20, 10, 70],
  [1, 1, 0, "low", 1, 40, 5, 10, 55],
  [3, 2, 0, "high", 2, 26, 20, 20, 66],
  [10, 9, 1, "critical", 3, 36, 30, 30, 0],
  [0, 0, 0, "critical", 2, 0, 30, 20, 50],
  [2, 0, 0, "medium", 1, 0, 10, 10, 20],
  [5, 5, 0, "informational", 9, 40, 0, 30, 70],
  [0, 0, 0, null, 0, 0, 0, 0, 0],
] as const)(
  "%i claims, %i supported, %i contradicted, %s, %i sources: confidence",
  (
    claims,
    supported,
    contradicted,
    alertSeverity,
    sources,
    ofClaims,
    severity,
    ofSources,
    total,
  ) => {
    expect(confidenceOf({ claims, supported, contradicted, alertSeverity, sources })).toEqual({
      claims: ofClaims,
      severity,
      sources: ofSources,
      total,
    });
  },
);

test("confidence is a whole number from 0 to 100, and more support never lowers it", () => {
  fc.assert(
    fc.property(anyFacts(), (facts) => {
      const { total } = confidenceOf(facts);
      expect(Number.isInteger(total) && total >= 0 && total <= 100).toBe(true);
      const supported = Math.min(facts.claims, facts.supported + 1);
      expect(confidenceOf({ ...facts, supported }).total).toBeGreaterThanOrEqual(total);
    }),
  );
});

const codes = (facts: Partial<AutomationFacts>, rules: AutomationRule[] = [RULE]) =>
  judgeAutomation({ ...FACTS, ...facts }, { rules, doubtPercent: 20 }).reasons.map(
    ({ code }) => code,
  );

test.each<[string, Partial<AutomationFacts>, string[]]>([
  ["as it should be", {}, []],
  [
    "another action than a rule names",
    { action: "isolate_host", blastRadius: "one_endpoint" },
    ["G30"],
  ],
  ["an account", { action: "disable_account", blastRadius: "one_account" }, ["G30", "G30"]],
  ["an address", { action: "block_indicator", blastRadius: "external_access" }, ["G30", "G30"]],
  ["below the confidence", { supported: 0 }, ["G30"]],
  ["a closed incident", { status: "closed" }, ["G31"]],
  ["no alert names it", { alerts: 0 }, ["G31"]],
  ["an old summary", { summaryCurrent: false }, ["G31"]],
  ["records that are not counted", { counted: false }, ["G31"]],
  ["a second time", { done: true }, ["G32"]],
  ["beside people", { inHand: true }, ["G32"]],
  ["more systems than the rule allows", { inIncident: 5 }, ["G31"]],
  ["a stop", { stops: ["a"] }, ["G33"]],
  ["orders in the evidence", { doubt: { ...FACTS.doubt, instructions: 1 } }, ["G33"]],
  ["a fifth of the claims fails", { doubt: { ...FACTS.doubt, percent: 20 } }, []],
  ["more than a fifth fails", { doubt: { ...FACTS.doubt, percent: 21 } }, ["G33"]],
  ["the hour is full", { lastHour: 60 }, ["G34"]],
  ["several at once", { done: true, stops: ["a"], lastHour: 60 }, ["G32", "G33", "G34"]],
])("%s", (_, facts, refused) => {
  expect(codes(facts)).toEqual(refused);
});

test("a rule fits by severity, type, sources and confidence; of several the first counts", () => {
  const rule = (over: Partial<AutomationRule>) =>
    judgeAutomation(FACTS, { rules: [{ ...RULE, ...over }], doubtPercent: 20 }).rule;
  expect(rule({ severities: ["critical"] })).toBeNull();
  expect(rule({ severities: ["low", "high"] })).not.toBeNull();
  expect(rule({ incidentTypes: ["impact"] })).toBeNull();
  expect(rule({ incidentTypes: ["execution", "impact"] })).not.toBeNull();
  expect(rule({ minSources: 2 })).toBeNull();
  expect(rule({ minConfidence: 70 })).not.toBeNull();
  expect(rule({ minConfidence: 71 })).toBeNull();
  const two = [{ ...RULE, number: 2 }, RULE];
  expect(judgeAutomation(FACTS, { rules: two, doubtPercent: 20 }).rule?.number).toBe(1);
});

test("whatever the rules, nothing runs outside collection and one endpoint, or against a stop or a doubt", () => {
  fc.assert(
    fc.property(anyFacts(), anyRules(), fc.nat(50), (facts, rules, doubtPercent) => {
      const { reasons, rule } = judgeAutomation(facts, { rules, doubtPercent });
      if (reasons.length > 0) return;
      expect([
        ["collect_artifacts", "collection"],
        ["isolate_host", "one_endpoint"],
      ]).toContainEqual([facts.action, facts.blastRadius]);
      expect(rule?.action).toBe(facts.action);
      expect(facts).toMatchObject({ stops: [], done: false, inHand: false, merged: false });
      expect(facts.doubt.instructions).toBe(0);
      expect(facts.alerts).toBeGreaterThan(0);
      expect(facts.action === "isolate_host" ? facts.inIncident : 0).toBe(0);
    }),
    { numRuns: 2000 },
  );
});

test("a preview keeps the limits of an incident and of each hour, and takes past stops and acts away", () => {
  const at = (minutes: number, over: Partial<AutomationFacts>) => ({
    at: minutes * 60_000,
    facts: { ...FACTS, ...over },
  });
  const rules = [{ ...RULE, maxPerHour: 2, maxPerIncident: 1 }];
  const ran = previewOf(
    [
      at(90, { incident: "d", target: "d" }),
      at(0, { incident: "a", target: "a", done: true, status: "closed", stops: ["x"] }),
      at(1, { incident: "a", target: "b" }),
      at(2, { incident: "b", target: "c" }),
      at(3, { incident: "c", target: "d" }),
    ],
    { rules, doubtPercent: 20 },
  );
  expect(ran.map(({ facts }) => `${facts.incident}/${facts.target}`)).toEqual([
    "a/a",
    "b/c",
    "d/d",
  ]);
});
