import { chmodSync, readFileSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { blastRadiusOf } from "#lib/domain/decision/policy.ts";
import { flat } from "#lib/domain/testing-sentence.ts";
import { statementSentences } from "#lib/domain/decision/statement.ts";
import { parseVerifierKey } from "#lib/trail/checkpoint.ts";
import { loadOrCreateKey } from "./keys.ts";
import { deriveSignKey, newSignSalt, signProof } from "./sign-key.ts";
import {
  buildStatement,
  parseStatement,
  StatementTooLong,
  type StatementInput,
} from "./statement.ts";
import { ownFolder } from "#lib/testing-folder.ts";

const CONTENTS: DecisionContent[] = [
  { kind: "escalation", reason: "Two hosts are involved.", to: "Incident response" },
  {
    kind: "containment",
    reason: "Credential theft.",
    actions: [
      { action: "isolate_host", target: "ws-014" },
      { action: "disable_account", target: "j.doe" },
    ],
  },
  {
    kind: "closure",
    reason: "Tested by the red team.",
    classification: "benign_positive",
    classificationReason: "suspicious_but_expected",
    determination: "security_testing",
  },
  { kind: "reopening", reason: "New evidence." },
];

const SAID = {
  escalation: "Escalate to: ‹Incident response›",
  containment: "Isolate host: ‹ws-014›.",
  closure: "Close as: benign positive (suspicious but expected), determination: security testing.",
  reopening: "Open the incident again",
};

function input(content: DecisionContent, over: Partial<StatementInput> = {}): StatementInput {
  return {
    content,
    facts: {
      id: "i-1",
      number: 7,
      severity: "high",
      types: ["credential-access"],
      version: 3,
      evidenceCount: 12,
      evidenceRoot: "ab".repeat(32),
      claimsHash: "cd".repeat(32),
    },
    title: "Credential dumping on ws-014",
    waivedClaims: [{ id: "c-1", standing: "unsupported", text: "The host spoke to 10.9.9.9." }],
    modelRunIds: ["run-b", "run-a"],
    proposer: { id: "p-1", name: "Ada Example" },
    blastRadius: blastRadiusOf(content),
    rule: {
      policyVersion: 1,
      kind: content.kind,
      minProposerRole: "analyst",
      signOffs: 1,
      leadSignOffs: 0,
      minRole: "lead",
      distinctFromProposer: true,
      distinctFromAssignee: true,
      claimsSettled: true,
      summaryComplete: false,
      evidenceOpened: false,
      assurance: "password",
      proposalMinutes: 60,
      signOffMinutes: 15,
    },
    nonce: "00".repeat(16),
    ...over,
  };
}

test.each(CONTENTS.map((content) => [content.kind, content] as const))(
  "a statement of %s says everything that is signed",
  (_kind, content) => {
    const { statement, text, sha256 } = buildStatement(input(content));
    expect(sha256.equals(createHash("sha256").update(text).digest())).toBe(true);
    expect(parseStatement(text)).toEqual(statement);
    const said = statementSentences(statement).map(flat).join("\n");
    for (const part of [
      content.reason,
      "INC-000007",
      "version 3",
      "12 evidence records",
      "abababababab",
      "cdcdcdcdcdcd",
      "10.9.9.9",
      "Ada Example",
      "2 runs",
      "60 minutes",
      "other than the proposer and whoever the incident is assigned to",
      "credential access",
    ]) {
      expect(said).toContain(part);
    }
    expect(said).toContain(SAID[content.kind]);
  },
);

const REQUIREMENT = input(CONTENTS[0]!).rule;
const SHOWN: [what: string, over: Partial<StatementInput>][] = [
  ["sign-offs", { rule: { ...REQUIREMENT, signOffs: 2 } }],
  [
    "leads among them",
    { rule: { ...REQUIREMENT, minRole: "analyst", signOffs: 2, leadSignOffs: 1 } },
  ],
  ["the role", { rule: { ...REQUIREMENT, minRole: "analyst" } }],
  ["who may propose", { rule: { ...REQUIREMENT, minProposerRole: "lead" } }],
  ["proposer apart", { rule: { ...REQUIREMENT, distinctFromProposer: false } }],
  ["assignee apart", { rule: { ...REQUIREMENT, distinctFromAssignee: false } }],
  ["the assurance", { rule: { ...REQUIREMENT, assurance: "passkey" } }],
  ["how long it stands", { rule: { ...REQUIREMENT, proposalMinutes: 61 } }],
  ["how long a signature counts", { rule: { ...REQUIREMENT, signOffMinutes: 16 } }],
  ["settled claims", { rule: { ...REQUIREMENT, claimsSettled: false } }],
  ["a whole summary", { rule: { ...REQUIREMENT, summaryComplete: true } }],
  ["evidence opened", { rule: { ...REQUIREMENT, evidenceOpened: true } }],
  ["the version of the policy", { rule: { ...REQUIREMENT, policyVersion: 2 } }],
  ["the title", { title: "Another" }],
  ["the model's runs", { modelRunIds: [] }],
  ["claims set aside", { waivedClaims: [] }],
  ["the blast radius", { blastRadius: "several_systems" }],
  ["the proposer", { proposer: { id: "p-1", name: "Bo Example" } }],
  ...Object.entries({
    number: 8,
    severity: "low" as const,
    types: [],
    version: 4,
    evidenceCount: 13,
    evidenceRoot: "ee".repeat(32),
    claimsHash: "ee".repeat(32),
  }).map(([name, value]): [string, Partial<StatementInput>] => [
    name,
    { facts: { ...input(CONTENTS[0]!).facts, [name]: value } },
  ]),
];

test.each(SHOWN)("a statement that differs in %s reads otherwise", (_what, over) => {
  const words = (given: StatementInput) => statementSentences(buildStatement(given).statement);
  expect(words(input(CONTENTS[0]!, over))).not.toEqual(words(input(CONTENTS[0]!)));
});

const HOSTILE = "No.\nProposed by Lea Lead.\n- Policy 9 asks for nothing.";

test.each<DecisionContent>([
  { kind: "escalation", reason: HOSTILE, to: HOSTILE },
  { kind: "containment", reason: HOSTILE, actions: [{ action: "isolate_host", target: HOSTILE }] },
])("what people wrote in a statement of $kind is never a sentence of ours", (content) => {
  const made = buildStatement(
    input(content, {
      title: HOSTILE,
      proposer: { id: "p-1", name: HOSTILE },
      waivedClaims: [{ id: "c-1", standing: "unsupported", text: HOSTILE }],
    }),
  );
  const sentences = statementSentences(made.statement);
  const own = sentences.flatMap((each) =>
    typeof each === "string" ? [each] : each.filter((part) => typeof part === "string"),
  );
  expect(own.join("")).not.toMatch(/Lea Lead|asks for nothing|\n/);
  expect(sentences.map(flat).filter((each) => each.includes(`‹${HOSTILE}›`))).toHaveLength(5);
});

test("two proposals that differ in anything have different statements", () => {
  const base = input(CONTENTS[3]!);
  const hashes = [
    base,
    { ...base, nonce: "01".repeat(16) },
    { ...base, facts: { ...base.facts, version: 4 } },
    { ...base, waivedClaims: [] },
    { ...base, proposer: { id: "p-2", name: "Ada Example" } },
  ].map((i) => buildStatement(i).sha256.toString("hex"));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("many waived claims are cut to fit 16 KiB, and what cannot fit is refused", () => {
  const claims = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      id: `claim-${i}`,
      standing: "unsupported" as const,
      text: "\u{1F600}".repeat(500),
    }));
  const { text, statement } = buildStatement(input(CONTENTS[3]!, { waivedClaims: claims(20) }));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16_384);
  expect(statement.claims.waived).toHaveLength(20);
  expect(() => buildStatement(input(CONTENTS[3]!, { waivedClaims: claims(300) }))).toThrow(
    StatementTooLong,
  );
});

test("a proof fits one password, one salt and one statement", async () => {
  const salt = newSignSalt();
  const statement = createHash("sha256").update("a statement").digest();
  const key = await deriveSignKey("correct horse", salt);
  expect(key).toHaveLength(32);
  expect((await deriveSignKey("correct horse", salt)).equals(key)).toBe(true);
  expect((await deriveSignKey("correct hors", salt)).equals(key)).toBe(false);
  expect((await deriveSignKey("correct horse", newSignSalt())).equals(key)).toBe(false);
  expect(
    signProof(key, statement).equals(
      createHash("sha256")
        .update(Buffer.concat([key, statement]))
        .digest(),
    ),
  ).toBe(true);
  expect(() => signProof(key, Buffer.alloc(31))).toThrow(RangeError);
});

test("the log key is made once, kept private, and its public half stands beside it", async () => {
  const path = join(ownFolder("key"), "signer", "log.key");
  const made = await loadOrCreateKey(path, "countersign/test/trail");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = await loadOrCreateKey(path, "countersign/test/trail");
  expect(again.equals(made)).toBe(true);
  expect(parseVerifierKey(readFileSync(`${path}.pub`, "utf8").trim()).name).toBe(
    "countersign/test/trail",
  );
  chmodSync(path, 0o644);
  await expect(loadOrCreateKey(path, "countersign/test/trail")).rejects.toThrow(
    "can be read by others",
  );
});
