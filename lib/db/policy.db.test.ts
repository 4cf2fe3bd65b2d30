import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  BLAST_RADII,
  blastRadiusOf,
  INCIDENT_TYPES,
  requirementFrom,
  requirementOf,
} from "#lib/domain/decision/policy.ts";
import type { PolicyRule, RequirementWords, Situation } from "#lib/domain/decision/policy.ts";
import { DECISION_KINDS, RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { policyInForce } from "./gate-facts.ts";
import { makeWorld, undone } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

function someOf<T>(all: readonly T[]): fc.Arbitrary<T[] | null> {
  return fc.option(fc.subarray([...all], { minLength: 1 }), { nil: null });
}

const role = fc.constantFrom("analyst" as const, "lead" as const);
const rules: fc.Arbitrary<PolicyRule[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...DECISION_KINDS),
      severities: someOf(SEVERITIES),
      incidentTypes: someOf(INCIDENT_TYPES),
      blastRadii: someOf(BLAST_RADII),
      minProposerRole: role,
      signOffs: fc.integer({ min: 1, max: 5 }),
      leadSignOffs: fc.integer({ min: 0, max: 5 }),
      minRole: role,
      distinctFromProposer: fc.boolean(),
      distinctFromAssignee: fc.boolean(),
      assurance: fc.constantFrom("password" as const, "passkey" as const),
      proposalMinutes: fc.integer({ min: 1, max: 900 }),
      signOffMinutes: fc.integer({ min: 1, max: 60 }),
      claimsSettled: fc.boolean(),
      summaryComplete: fc.boolean(),
      evidenceOpened: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((made) =>
    made.map((rule, index) => ({
      ...rule,
      policyVersion: 7,
      number: index + 1,
      leadSignOffs: Math.min(rule.leadSignOffs, rule.signOffs),
    })),
  );
const situations: fc.Arbitrary<Situation> = fc.record({
  kind: fc.constantFrom(...DECISION_KINDS),
  severity: fc.constantFrom(...SEVERITIES),
  types: fc.subarray([...INCIDENT_TYPES]),
  blastRadius: fc.constantFrom(...BLAST_RADII),
});

const INSERT =
  "insert into policy_rule select (jsonb_populate_recordset(null::policy_rule, $1::jsonb)).*";

/** The rules as rows of their table. */
function asRows(made: readonly PolicyRule[]): Record<string, unknown>[] {
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return made.map((rule) =>
    Object.fromEntries(Object.entries(rule).map(([name, value]) => [snake(name), value])),
  );
}

describe("Postgres and the forms find the same", () => {
  test("requirement in any situation under any policy", async () => {
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(rules, fc.array(situations, { minLength: 8, maxLength: 8 }), (made, many) =>
        undone(world.owner, async (client) => {
          await client.query(INSERT, [JSON.stringify(asRows(made))]);
          for (const situation of many) {
            const { rows } = await client.query<{ words: RequirementWords | null }>(
              "select gate.rule_words(gate.requirement(7, $1, $2, $3, $4)) as words",
              [situation.kind, situation.severity, situation.types, situation.blastRadius],
            );
            const words = rows[0]?.words ?? null;
            asked += words ? 1 : 0;
            expect(words && requirementFrom(situation.kind, words)).toEqual(
              requirementOf(made, situation),
            );
          }
        }),
      ),
      { numRuns: 60 },
    );
    expect(asked).toBeGreaterThan(50);
  });

  test("blast radius of any containment", async () => {
    const contents = fc.array(
      fc.record({
        action: fc.constantFrom(...RESPONSE_ACTION_KINDS),
        target: fc.constantFrom("ws-1", "WS-1 ", "ws-2"),
      }),
      { maxLength: 4 },
    );
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(contents, async (actions) => {
        const content = { kind: "containment" as const, reason: "Stop it now.", actions };
        const { rows } = await world.web.query<{ radius: string }>(
          "select gate.blast_radius($1::jsonb) as radius",
          [JSON.stringify(content)],
        );
        expect(rows[0]?.radius).toBe(blastRadiusOf(content));
        seen.add(blastRadiusOf(content));
      }),
      { numRuns: 300 },
    );
    expect(seen).toEqual(new Set(BLAST_RADII.filter((radius) => radius !== "none")));
  });

  test("and the rules in force can be read by the web login", async () => {
    const inForce = await policyInForce(world.db.web);
    expect(inForce.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      "closure 1",
      "containment 1",
      "escalation 1",
      "reopening 1",
    ]);
  });
});
