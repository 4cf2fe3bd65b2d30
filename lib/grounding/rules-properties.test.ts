import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { notMentioned } from "./not-mentioned.ts";
import { attachQuotes, type QuotedClaim } from "./quotes.ts";
import { randomIncident } from "./rules-arbitrary.ts";
import type { Fixture } from "./rules-fixtures.ts";
import { MAX_FRONT, writeRulesSummary } from "./rules-summary.ts";
import { verifyClaims } from "./verify-claim.ts";

function summarise({ records, rawText }: Fixture, capped: boolean): QuotedClaim[] {
  return attachQuotes(writeRulesSummary(records, { sources: SOURCES, capped }), rawText);
}

/** An incident, and its records in any other order. */
const shuffledIncident = randomIncident.chain((made) =>
  fc.tuple(
    fc.constant(made),
    fc.shuffledSubarray(made.records, { minLength: made.records.length }),
  ),
);

const SOURCES = [{ name: "proxy" }];
const runs = { numRuns: 120, seed: 20_260_301 };
const SLOW = 120_000;

describe("over random incidents", () => {
  test.each([false, true])("every claim is supported (capped: %s)", { timeout: SLOW }, (capped) => {
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

  test(
    "the order in which records arrive changes nothing, and nor does a second run",
    { timeout: SLOW },
    () => {
      fc.assert(
        fc.property(shuffledIncident, ([made, records]) => {
          const once = JSON.stringify(summarise(made, false));
          expect(JSON.stringify(summarise({ ...made, records }, false))).toBe(once);
          expect(JSON.stringify(summarise(made, false))).toBe(once);
        }),
        { ...runs, numRuns: 40 },
      );
    },
  );

  test(
    "quotes are verbatim, the front is short, no high alert is left out",
    { timeout: SLOW },
    () => {
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
          expect(notMentioned(made.records, claims)).toEqual([]);
        }),
        { ...runs, numRuns: 40 },
      );
    },
  );
});
