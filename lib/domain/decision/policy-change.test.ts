import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyChange, anyPolicy, numbered } from "#lib/db/testing-policy.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { DECISION_KINDS } from "./decision.ts";
import { BLAST_RADII, requirementOf } from "./policy.ts";
import type { Requirement } from "./policy.ts";
import { ASKED, changesOf, POLICY_TEMPLATE, strictness, weakens } from "./policy-change.ts";
import type { RuleWords } from "./policy-change.ts";

const TYPES = ["execution", "impact", "discovery"] as const;
const SETS: string[][] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
  TYPES.filter((_, index) => (bits >> index) % 2 === 1),
);

/** By the words of I13: any set of types whatever, one by one. */
function weakensAnywhere(before: readonly RuleWords[], after: readonly RuleWords[]): boolean {
  return DECISION_KINDS.some((kind) =>
    SEVERITIES.some((severity) =>
      BLAST_RADII.some((blastRadius) =>
        SETS.some((types) => {
          const of = (rules: readonly RuleWords[]) =>
            requirementOf(
              rules.map((rule) => ({ ...rule, policyVersion: 1 })),
              { kind, severity, blastRadius, types },
            );
          return asksLess(of(before), of(after));
        }),
      ),
    ),
  );
}

function asksLess(was: Requirement | null, is: Requirement | null): boolean {
  if (was === null || is === null) return was === null && is !== null;
  return ASKED.some((asked) => strictness(asked, is[asked]) < strictness(asked, was[asked]));
}

describe("whether a change weakens", () => {
  test("is found by no type, each type and each pair, for any change and any set of types", () => {
    const seen = { weaker: 0, not: 0 };
    fc.assert(
      fc.property(anyChange(TYPES), ({ before, after }) => {
        const found = weakens(before, after);
        seen[found ? "weaker" : "not"] += 1;
        expect(found).toBe(weakensAnywhere(before, after));
      }),
      { numRuns: 600 },
    );
    expect(Math.min(seen.weaker, seen.not)).toBeGreaterThan(50);
  }, 30_000);

  test("single types are not enough: what one type no longer adds is missed beside another", () => {
    const of = (incidentTypes: RuleWords["incidentTypes"], signOffs: number): RuleWords => ({
      ...POLICY_TEMPLATE[0]!,
      severities: null,
      incidentTypes,
      signOffs,
    });
    const before = numbered([of(["execution"], 3), of(["impact"], 1)]);
    const after = numbered([of(["impact"], 1)]);
    expect(changesOf(before, after).map(({ direction }) => direction)).toEqual(["stronger"]);
    expect(weakens(before, after)).toBe(true);
    expect(weakensAnywhere(before, after)).toBe(true);
  });

  test("a further rule never does where a rule stood already, and is all that changes from a policy to itself", () => {
    fc.assert(
      fc.property(anyPolicy(TYPES), (rules) => {
        expect(weakens(rules, rules)).toBe(false);
        expect(changesOf(rules, rules)).toEqual([]);
      }),
    );
  });

  test("somebody may where nobody might", () => {
    expect(weakens([], POLICY_TEMPLATE)).toBe(true);
    expect(weakens(POLICY_TEMPLATE, [])).toBe(false);
  });
});

describe("what changes, cell by cell", () => {
  test("names each changed cell once, in groups that hold no other", () => {
    fc.assert(
      fc.property(anyChange(TYPES), ({ before, after }) => {
        const cells = changesOf(before, after).flatMap(({ kind, situations }) =>
          situations.flatMap(({ severities, blastRadii, types }) =>
            severities.flatMap((severity) =>
              blastRadii.flatMap((radius) =>
                (types === null ? ["any"] : types.length === 0 ? ["none"] : types).map(
                  (type) => `${kind} ${severity} ${radius} ${type}`,
                ),
              ),
            ),
          ),
        );
        expect(new Set(cells).size).toBe(cells.length);
      }),
      { numRuns: 300 },
    );
  });

  test("two for high and critical instead of one reads as one change in one group", () => {
    const one: RuleWords = { ...POLICY_TEMPLATE[0]!, severities: null };
    const changes = changesOf([one], POLICY_TEMPLATE.slice(0, 2));
    expect(changes).toMatchObject([
      {
        kind: "closure",
        direction: "stronger",
        before: { signOffs: 1 },
        after: { signOffs: 2 },
        situations: [{ severities: ["high", "critical"], blastRadii: ["none"], types: null }],
      },
    ]);
  });
});
