import { expect, test } from "vitest";
import { RULE } from "./automation-fixtures.ts";
import {
  actWords,
  becauseWords,
  confidenceSentence,
  reasonSentences,
  ruleSentence,
  stopWords,
} from "./automation-words.ts";

test("a rule is one sentence with all of its conditions", () => {
  expect(ruleSentence(RULE)).toBe(
    "Collect artifacts from a system in an incident of any severity and any type, when an alert names it and confidence is 50 of 100 or more; at most 60 an hour and 5 times in an incident.",
  );
  expect(
    ruleSentence({
      ...RULE,
      action: "isolate_host",
      severities: ["high", "critical"],
      incidentTypes: ["impact", "lateral-movement", "exfiltration"],
      minSources: 2,
      minConfidence: 90,
      maxPerHour: 2,
      maxPerIncident: 1,
    }),
  ).toBe(
    "Isolate one system in an incident of high or critical severity and of the type impact, lateral movement or exfiltration, when alerts of 2 sources name it and confidence is 90 of 100 or more; at most 2 an hour and once in an incident.",
  );
});

test("an act and its reasons read as what happened", () => {
  expect(actWords({ action: "collect_artifacts", target: "ws-014" })).toBe(
    "collect artifacts from ws-014",
  );
  const confidence = { claims: 40, severity: 20, sources: 10, total: 70 };
  expect(confidenceSentence(confidence)).toBe(
    "Confidence 70 of 100: claims 40 of 40, worst alert 20 of 30, sources 10 of 30.",
  );
  expect(confidenceSentence({ ...confidence, total: 0 })).toContain("conflicts with the evidence");
  expect(becauseWords({ confidence, alerts: 2, sources: 1 }, RULE)).toBe(
    "2 alerts of 1 source name it and confidence is 70, 50 or more asked",
  );
  expect(
    reasonSentences([
      { code: "G33", sentence: "automation is stopped here" },
      { code: "G34", sentence: "the limit of the hour is reached" },
    ]),
  ).toBe("Automation is stopped here. The limit of the hour is reached.");
});

test.each([
  [{ scope: "global", incidentType: null, number: null }, "Everywhere"],
  [
    { scope: "incident_type", incidentType: "command-and-control", number: null },
    "Incidents of the type command and control",
  ],
  [{ scope: "incident", incidentType: null, number: "INC-000007" }, "INC-000007"],
])("a stop says where it holds: %o", (stop, words) => {
  expect(stopWords(stop)).toBe(words);
});
