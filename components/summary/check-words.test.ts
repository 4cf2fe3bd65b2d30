import { expect, test } from "vitest";
import {
  type ClaimCheck,
  type DraftClaim,
  type Predicate,
  UNUSED,
} from "#lib/domain/summary/claim.ts";
import { fixture } from "#lib/grounding/rules-fixtures.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { differing, findingsOf, tellingFinding } from "./check-words.ts";
import type { Finding, Piece } from "./check-words.ts";

const { records, rawText } = fixture(
  ["10.0.3.71", "10.0.3.71", "10.0.3.71", "192.0.2.4"].map((ip, n) => ({
    kind: "event",
    time: `2026-03-01T02:14:0${n}.000Z`,
    title: "failed sign-in",
    fields: {
      action: "logon",
      outcome: "failure",
      host: "ws-014",
      user: "asmith",
      "source.ip": ip,
    },
  })),
);

/** What the verifier itself says, in the words of the screen. */
function judged(text: string, more: Partial<DraftClaim> = {}): Finding[] {
  const claim: DraftClaim = {
    text,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: "failure" }],
    predicates: [],
    ...more,
  };
  const [verified] = verifyClaims([claim], { records, rawText, capped: false });
  return findingsOf(verified!.checks);
}

const spoken = (pieces: Piece[]) => pieces.map((piece) => piece.text).join("");
const sentences = (findings: Finding[]) => findings.map((finding) => spoken(finding.reason));

test("a near miss is a sentence with the record to open and the difference marked in both", () => {
  const near = judged("A logon came from 10.0.3.17.").find(({ reason }) =>
    spoken(reason).includes("10.0.3.71"),
  );
  expect(spoken(near!.reason)).toBe("10.0.3.17 is not in the evidence; 10.0.3.71 is, in E1");
  expect(near!.reason.find((piece) => piece.as === "label")).toEqual({ as: "label", text: "E1" });
  const marked = near!.reason.filter((piece) => piece.differs);
  expect(marked.map(({ text, differs }) => text.slice(...differs!))).toEqual(["17", "71"]);
});

test("a count that is not the evidence's says both numbers, and opens what was counted", () => {
  const where = "host=ws-014 & outcome=failure";
  const count: Predicate = { ...UNUSED, op: "count", where, cmp: "eq", n: 5 };
  const findings = judged("There are 5 failed logons on ws-014.", {
    kind: "count",
    predicates: [count],
  });
  const tested = findings.find(({ query }) => query?.where === where);
  expect(spoken(tested!.reason)).toBe(
    "claim 5, evidence 4: records where host is ws-014 and outcome is failure",
  );
  expect(spoken(tested!.found)).toBe("4 (the claim has 1 too many)");
  expect(tested!.query).toEqual({ where, records: 4 });
});

test("a count that holds opens its records too", () => {
  const count: Predicate = { ...UNUSED, op: "count", where: "host=ws-014", cmp: "eq", n: 4 };
  const findings = judged("There are 4 records on ws-014.", { kind: "count", predicates: [count] });
  const held = findings.find(({ query }) => query !== null);
  expect(held).toMatchObject({ effect: "supported", query: { where: "host=ws-014", records: 4 } });
  expect(spoken(held!.said)).toBe("4 records where host is ws-014");
  expect(held!.reason).toEqual([]);
});

test("another value in the cited record is told with the record, and marked only where it is alike", () => {
  const check = (said: string, found: string): ClaimCheck => ({
    check: "predicate",
    effect: "contradicted",
    said,
    found,
    where: ["E2"],
    field: "source.ip",
  });
  const [alike] = findingsOf([check("source.ip is 10.0.3.17", "10.0.3.71 in E2")]);
  expect(spoken(alike!.reason)).toBe("source ip is 10.0.3.71 in E2, not 10.0.3.17");
  expect(alike!.reason.filter((piece) => piece.differs)).toHaveLength(2);
  const [other] = findingsOf([check("source.ip is 10.0.3.17", "192.0.2.4 in E2")]);
  expect(spoken(other!.reason)).toBe("source ip is 192.0.2.4 in E2, not 10.0.3.17");
  expect(other!.reason.some((piece) => piece.differs)).toBe(false);
});

test("a near miss tells more than a test that failed for the same value", () => {
  const near: ClaimCheck = {
    check: "entity",
    effect: "unsupported",
    said: "10.0.3.17",
    found: "not in the evidence; 10.0.3.71 is, in E2",
    where: ["E2"],
  };
  const worse: ClaimCheck = { ...near, check: "role", effect: "contradicted", found: "another" };
  expect(spoken(tellingFinding(findingsOf([worse, near]))!.reason)).toContain(
    "10.0.3.71 is, in E2",
  );
  expect(spoken(tellingFinding(findingsOf([worse]))!.reason)).toBe("10.0.3.17: another");
  expect(tellingFinding(findingsOf([{ ...near, effect: "supported" }]))).toBeNull();
});

test("an assessment is told as the model's judgement", () => {
  const findings = judged("The logons on ws-014 look like password spraying.", {
    kind: "assessment",
  });
  expect(sentences(findings)).toContain("This is the model's judgement; no record can settle it");
});

test("words that no check covers are one row, whatever their number", () => {
  const checks: ClaimCheck[] = ["approved", "by the board", "approved"].map((said) => ({
    check: "coverage",
    effect: "partial",
    said,
    found: "no true predicate covers this",
    where: [],
  }));
  const findings = findingsOf(checks);
  expect(sentences(findings)).toEqual(["No check covers “approved”, “by the board”"]);
});

test("support that only an attacker could have written names the field", () => {
  const check: ClaimCheck = {
    check: "taint",
    effect: "partial",
    said: "evil.example",
    found: "only in url.full, which an attacker could write",
    where: [],
  };
  expect(sentences(findingsOf([check]))).toEqual([
    "evil.example stands only in text an attacker could write: url.full",
  ]);
});

test("the worst stands first, what held last", () => {
  const check = (effect: ClaimCheck["effect"]): ClaimCheck => ({
    check: "entity",
    effect,
    said: "x",
    found: "y",
    where: [],
  });
  const order = findingsOf(
    (["supported", "partial", "contradicted", "unsupported"] as const).map(check),
  ).map(({ effect }) => effect);
  expect(order).toEqual(["contradicted", "unsupported", "partial", "supported"]);
});

test("every check of a hostile claim has a sentence, and none loses the text", () => {
  for (const text of ["not in the evidence; x is, in E1", "\u202Egpj", "", "a".repeat(400)]) {
    const check: ClaimCheck = {
      check: "never heard of",
      effect: "partial",
      said: text,
      found: text,
      where: [],
    };
    const [finding] = findingsOf([check]);
    expect(spoken(finding!.said)).toBe(text);
    expect(spoken(finding!.reason)).toContain(text.slice(0, 3));
  }
});

test("what differs is what is left between a common start and a common end", () => {
  expect(differing("ws-014", "ws-041")).toEqual([
    [4, 6],
    [4, 6],
  ]);
  expect(differing("abc", "abbc")).toEqual([
    [2, 2],
    [2, 3],
  ]);
  expect(differing("same", "same")).toEqual([
    [4, 4],
    [4, 4],
  ]);
});
