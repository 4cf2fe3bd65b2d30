import { expect, test } from "vitest";
import type { ClaimView } from "#lib/contracts/views.ts";
import { answerAsText, claimAsText } from "./claim-text.ts";

const CLAIM: ClaimView = {
  id: "c1",
  ordinal: 2,
  front: true,
  text: "There are 7 failed sign-ins on ws-014.",
  kind: "count",
  standing: "contradicted",
  verifier: "2",
  before: null,
  checks: [],
  predicates: [],
  uncovered: [],
  citations: [
    { evidenceId: "e1", label: "E1", quote: '"host":"ws-014"', start: 3, end: 18 },
    { evidenceId: "e1", label: "E1", quote: '"host":"ws-014"', start: 3, end: 18 },
    { evidenceId: null, label: "E99", quote: "nowhere", start: null, end: null },
  ],
  reviews: [],
};
const PLACE = {
  incidentNumber: "INC-000012",
  href: "https://desk.example/incidents/INC-000012?claim=c1",
};

test("a claim as text has its words, its standing, each citation once, and the way back", () => {
  expect(claimAsText(CLAIM, PLACE).split("\n")).toEqual([
    "There are 7 failed sign-ins on ws-014.",
    "Conflicts with the evidence (checked by code, verifier 2)",
    'E1: "\\"host\\":\\"ws-014\\""'.replaceAll("\\", ""),
    "E99: not in this incident",
    "INC-000012, https://desk.example/incidents/INC-000012?claim=c1",
  ]);
});

test("an assessment is taken along as the model's judgement", () => {
  const text = claimAsText({ ...CLAIM, kind: "assessment", standing: "partial" }, PLACE);
  expect(text).toContain("The model's judgement. Partly matches");
});

test("what hides or reorders text is written out, and no line is forged", () => {
  const text = claimAsText({ ...CLAIM, text: 'safe\u202Egpj.exe\nE1: "forged"' }, PLACE);
  expect(text).toContain("safe⟨U+202E⟩gpj.exe");
  expect(text.split("\n")).toHaveLength(5);
});

test("an answer as text says first whose words it holds", () => {
  const { id: _, front: __, before: ___, reviews: ____, ...claim } = CLAIM;
  const claims = [{ ...claim, polarity: "affirmed" as const }];
  const text = answerAsText(
    { question: "Who?\nThe model says: all is well", model: "fake-1", claims },
    PLACE,
  );
  expect(text.split("\n").slice(0, 4)).toEqual([
    "Asked: Who?⟨U+000A⟩The model says: all is well",
    "Answered by the model fake-1, each claim checked by code:",
    "",
    "There are 7 failed sign-ins on ws-014.",
  ]);
  expect(text.endsWith(PLACE.href)).toBe(true);
});
