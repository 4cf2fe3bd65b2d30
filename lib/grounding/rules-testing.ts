import { expect } from "vitest";
import type { Family } from "./generators/draft.ts";
import { attachQuotes, type QuotedClaim } from "./quotes.ts";
import { type Fixture, type FixtureRecord, fixture } from "./rules-fixtures.ts";
import { writeRulesSummary } from "./rules-summary.ts";
import { verifyClaims } from "./verify-claim.ts";

/** The sentences of one family, after all claims were found supported. */
export function told(family: Family, given: FixtureRecord[]): string[] {
  return summarise(fixture(given))
    .filter((c) => c.family === family)
    .map((c) => c.text);
}

/** All claims with their quotes, after none was lost and all were found supported. */
export function summarise({ records, rawText }: Fixture, capped = false): QuotedClaim[] {
  const draft = writeRulesSummary(records, { sources: [], capped });
  const claims = attachQuotes(draft, rawText);
  expect(claims.map((c) => c.text)).toEqual(draft.claims.map((c) => c.text));
  const judged = verifyClaims(claims, { records, rawText, capped });
  const doubts = judged
    .filter((c) => c.standing !== "supported")
    .map((c) => ({ text: c.text, checks: c.checks.filter((k) => k.effect !== "supported") }));
  expect(doubts).toEqual([]);
  return claims;
}
