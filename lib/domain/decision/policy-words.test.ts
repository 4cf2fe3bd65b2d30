import { describe, expect, test } from "vitest";
import { POLICY_TEMPLATE } from "./policy-change.ts";
import { groupWords, minutesWords, policySentences, ruleSentence } from "./policy-words.ts";

test.each([
  [1, "1 minute"],
  [90, "90 minutes"],
  [60, "1 hour"],
  [480, "8 hours"],
  [1440, "1 day"],
])("%i minutes are %s", (count, words) => expect(minutesWords(count)).toBe(words));

test("a rule reads as who must sign what, and when", () => {
  expect(ruleSentence(POLICY_TEMPLATE[3]!)).toBe(
    "Containment (more than one system or blocks external access): 2 signatures, at least 1 by a lead, with a passkey, not by the proposer. " +
      "Proposed by an analyst or a lead, open for 1 hour; a signature counts for 15 minutes. " +
      "Before that, claims that do not hold are settled or waived by name.",
  );
});

test("a group says its types, and a closure nothing of how far it reaches", () => {
  const group = { severities: ["high" as const], blastRadii: ["none" as const], types: [] };
  expect(groupWords(group, "closure")).toBe("high severity, of none of the types that rules name");
});

describe("the statement in sentences", () => {
  const said = {
    act: "publish_policy",
    v: 1,
    version: 2,
    base: 1,
    weakens: true,
    delayMinutes: 1440,
    reason: "Because.",
    rules: POLICY_TEMPLATE,
  };

  test("says whose place it takes, that it weakens, and each rule", () => {
    const sentences = policySentences(JSON.stringify(said), 2)!;
    expect(sentences[0]).toBe("Version 2 of the policy takes the place of version 1.");
    expect(sentences[1]).toContain("two admins and takes effect 1 day after the second");
    expect(sentences[2]).toEqual(["Reason: ", { said: "Because." }]);
    expect(sentences).toHaveLength(4 + POLICY_TEMPLATE.length);
  });

  test.each([
    ["of another version", JSON.stringify({ ...said, version: 3 })],
    ["of another act", JSON.stringify({ ...said, act: "activate_model" })],
    ["without its rules", JSON.stringify({ ...said, rules: null })],
    ["that is no JSON", "{"],
  ])("are none for a statement %s", (_, statement) => {
    expect(policySentences(statement, 2)).toBeNull();
  });
});
