import { expect, test } from "vitest";
import type { SimilarIncident } from "#lib/contracts/similar-views.ts";
import { decidedWords, partDetail, scoreParts, shownValue } from "./similar-words.ts";

const address = {
  kind: "observable",
  type: "ip",
  value: "203.0.113.7",
  incidents: 3,
  weight: 6.91,
} as const;
const technique = { kind: "technique", id: "T1078", name: "Valid Accounts", weight: 0.5 } as const;
const incident: SimilarIncident = {
  ...{ id: "1", number: "INC-000001", title: "A beacon", severity: "high", status: "closed" },
  ...{ openedAt: "2026-03-01T02:00:00.000Z", score: 7.41, parts: [address, technique] },
  ...{ verdict: null, closed: null, mayNotMerge: null },
};

test("a shared value says how rare it is, a technique its name", () => {
  expect(partDetail(address, 14_200)).toBe(" (in 3 of 14,200 incidents)");
  expect(partDetail(technique, 14_200)).toBe(" Valid Accounts");
  expect(partDetail({ ...technique, name: "" }, 14_200)).toBe("");
  expect(scoreParts(incident.parts)).toBe("6.91 + 0.50");
});

test("what was decided is the verdict, and how it was closed", () => {
  expect(decidedWords(incident)).toBe("No verdict");
  const at = "2026-03-02T02:00:00.000Z";
  const closed = { classification: "false_positive", reason: "inaccurate_data", at } as const;
  expect(decidedWords({ ...incident, verdict: "benign", closed })).toBe(
    "Verdict: benign. Closed as false positive (inaccurate data)",
  );
});

test("a digest is shown by its beginning, anything else whole", () => {
  expect(shownValue({ type: "hash", value: "0123456789abcdef0123456789abcdef" })).toBe(
    "0123456789ab…",
  );
  expect(shownValue({ type: "domain", value: "cdn-sync.update-service.example" })).toBe(
    "cdn-sync.update-service.example",
  );
});
