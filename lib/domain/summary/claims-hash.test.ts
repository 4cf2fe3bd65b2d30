import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { claimsHash, type HashedClaim } from "./claims-hash.ts";

const tools = {
  canonicalJson,
  sha256: (text: string) => createHash("sha256").update(text).digest(),
};

const CLAIM: HashedClaim = {
  id: "c1",
  text: "Five logons failed.",
  kind: "count",
  standing: "supported",
  citations: [{ evidence: "e1", start: 3, end: 9, quote: "failed" }],
  review: null,
};

function hash(...claims: HashedClaim[]): string {
  return claimsHash(claims, tools).toString("hex");
}

test("the hash of no claims is that of an empty list", () => {
  expect(hash()).toBe(createHash("sha256").update("[]").digest("hex"));
});

const CHANGES: [string, HashedClaim[]][] = [
  ["another text", [{ ...CLAIM, text: "Six logons failed." }]],
  ["another standing", [{ ...CLAIM, standing: "contradicted" }]],
  ["another quote", [{ ...CLAIM, citations: [{ ...CLAIM.citations[0]!, quote: "passed" }] }]],
  ["another place of the quote", [{ ...CLAIM, citations: [{ ...CLAIM.citations[0]!, start: 4 }] }]],
  ["a citation less", [{ ...CLAIM, citations: [] }]],
  ["a person's word on it", [{ ...CLAIM, review: { id: "r1", outcome: "accepted" } }]],
  ["another word of a person", [{ ...CLAIM, review: { id: "r2", outcome: "disputed" } }]],
  ["a claim more", [CLAIM, { ...CLAIM, id: "c2" }]],
  ["the same claim in a new summary", [{ ...CLAIM, id: "c3" }]],
];

test.each(CHANGES)("%s changes the hash", (_name, claims) => {
  expect(hash(...claims)).not.toBe(hash(CLAIM));
});

test("every change gives a hash of its own", () => {
  expect(new Set(CHANGES.map(([, claims]) => hash(...claims))).size).toBe(CHANGES.length);
});
