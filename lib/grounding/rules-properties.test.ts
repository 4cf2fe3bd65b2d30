import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attachQuotes, type QuotedClaim } from "./quotes.ts";
import { randomIncident } from "./rules-arbitrary.ts";
import type { Fixture } from "./rules-fixtures.ts";
import { MAX_FRONT, writeRulesSummary } from "./rules-summary.ts";
import { verifyClaims } from "./verify-claim.ts";

function summarise({ records, rawText }: Fixture, capped: boolean): QuotedClaim[] {
  return attachQuotes(writeRulesSummary(records, { sources: [], capped }), rawText);
}

const runs = { numRuns: 250, seed: 20_260_301 };

describe("over random incidents", () => {
  test.each([false, true])("every claim is supported (capped: %s)", (capped) => {
    fc.assert(
      fc.property(randomIncident, (made) => {
        const claims = summarise(made, capped);
        const judged = verifyClaims(claims, { ...made, capped });
        const doubts = judged.flatMap((c) =>
          c.standing === "supported"
            ? []
            : [{ text: c.text, checks: c.checks.filter((k) => k.effect !== "supported") }],
        );
        expect(doubts).toEqual([]);
      }),
      runs,
    );
  });

  test("the order in which records arrive changes nothing, and nor does a second run", () => {
    fc.assert(
      fc.property(randomIncident, (made) => {
        const once = JSON.stringify(summarise(made, false));
        const turned = { ...made, records: made.records.toReversed() };
        expect(JSON.stringify(summarise(turned, false))).toBe(once);
      }),
      { ...runs, numRuns: 60 },
    );
  });

  test("quotes are verbatim, the front is short, high alerts and gaps are told", () => {
    fc.assert(
      fc.property(randomIncident, (made) => {
        const claims = summarise(made, false);
        expect(claims.filter((c) => c.front).length).toBeLessThanOrEqual(MAX_FRONT);
        const [first] = claims;
        expect(claims.findIndex((c) => !c.front)).toBe(
          first ? claims.filter((c) => c.front).length || -1 : -1,
        );
        for (const { quote, id } of claims.flatMap((c) => c.citations)) {
          expect(made.rawText(`r${id.slice(1)}`)).toContain(quote);
          expect(quote.length).toBeGreaterThanOrEqual(4);
          expect(quote.length).toBeLessThanOrEqual(120);
        }
        const alerts = made.records.filter((r) => r.kind === "alert");
        const high = alerts.filter((r) => r.severity === "high" || r.severity === "critical");
        const toldOf = claims.filter((c) => c.family === "alert").map((c) => c.predicates.length);
        expect(high.length === 0 || toldOf.length > 0).toBe(true);
      }),
      { ...runs, numRuns: 60 },
    );
  });
});
