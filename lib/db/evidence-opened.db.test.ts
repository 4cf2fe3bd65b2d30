import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordEvidenceRead } from "#lib/commands/record-evidence-read.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { citedRecords } from "#lib/domain/decision/cited-records.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";
import { propose, refusal, sign } from "./testing-gate.ts";
import { askForOpening, citingIncident, openForTest } from "./testing-opened.ts";
import type { MadeSummary } from "./testing-opened.ts";
import { makeWorld, undone } from "./testing-world.ts";
import type { World } from "./testing-world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const RECORDS = 4;
const made: fc.Arbitrary<MadeSummary[]> = fc.array(
  fc.record({
    origin: fc.constantFrom("rules" as const, "model" as const),
    claims: fc.array(
      fc.record({
        front: fc.boolean(),
        cites: fc.uniqueArray(fc.nat({ max: RECORDS }), { maxLength: 3 }), // one past the last: a citation of nothing
      }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 3 },
);

describe("where the policy asks for what is cited to be opened", () => {
  test("exactly what the screen lists must be opened, by the signer, and nothing else", async () => {
    const seen = { refused: 0, signed: 0 };
    await fc.assert(
      fc.asyncProperty(made, fc.subarray([0, 1, 2, 3]), async (summaries, opened) => {
        const { incidentId, evidenceIds } = await citingIncident(world, RECORDS, summaries);
        const shown = await listSummaries(world.db.web, incidentId);
        const listed = citedRecords(shown.flatMap(({ claims }) => claims)).map(
          (one) => one.evidenceId,
        );
        const { rows } = await world.web.query("select gate.cited_evidence($1) as id", [
          incidentId,
        ]);
        expect(rows.map(({ id }) => id).toSorted()).toEqual(listed.toSorted());
        const left = listed.filter((id) => !opened.some((index) => evidenceIds[index] === id));
        const approve = async (client: pg.PoolClient) => {
          await askForOpening(client);
          for (const index of opened) {
            const evidenceId = evidenceIds[index]!;
            await openForTest(client, { personId: world.bo.id, evidenceId, incidentId });
          }
          const decision = await propose(client, { incidentId, proposer: world.ana });
          await sign(client, decision, { person: world.bo });
        };
        expect(await refusal(() => undone(world.owner, approve))).toBe(
          left.length === 0
            ? "passed"
            : `G22 the signer has not opened the evidence that is cited: ${left.length} left`,
        );
        seen[left.length === 0 ? "signed" : "refused"] += 1;
      }),
      { numRuns: 40 },
    );
    expect(Math.min(seen.refused, seen.signed)).toBeGreaterThan(3);
  });

  test("a rejection never needs it", async () => {
    const { incidentId } = await citingIncident(world, 1, [
      { origin: "rules", claims: [{ front: true, cites: [0] }] },
    ]);
    await undone(world.owner, async (client) => {
      await askForOpening(client);
      const decision = await propose(client, { incidentId, proposer: world.ana });
      const answer = await sign(client, decision, { person: world.bo, outcome: "rejected" });
      expect(answer).toEqual({ state: "rejected" });
    });
  });
});

describe("an opening", () => {
  test("of a record by a person is one row and, each time, one entry", async () => {
    const { incidentId, evidenceIds } = await citingIncident(world, 1, []);
    const evidenceId = evidenceIds[0]!;
    const by = { kind: "person" as const, session: null, id: world.aud.id };
    await recordEvidenceRead(world.db.web, { incidentId, evidenceId }, by);
    await recordEvidenceRead(world.db.web, { incidentId, evidenceId }, by);
    const rows = await world.db.web.evidenceOpened.findMany({ where: { incidentId } });
    expect(rows).toMatchObject([{ personId: world.aud.id, evidenceItemId: evidenceId }]);
    const entries = await readings(incidentId);
    expect(entries).toHaveLength(2);
    // the database wrote the first, the command the second: a reader finds no difference
    expect(entries[0]).toEqual(entries[1]);
    expect(entries[0]).toMatchObject({ actor: `person:${by.id}`, payload: { label: "E1" } });
  });

  test("by a machine with a token is an entry alone", async () => {
    const { incidentId, evidenceIds } = await citingIncident(world, 1, []);
    const by = { kind: "system" as const, id: "token:reader" };
    await recordEvidenceRead(world.db.web, { incidentId, evidenceId: evidenceIds[0]! }, by);
    expect(await world.db.web.evidenceOpened.count({ where: { incidentId } })).toBe(0);
    expect(await readings(incidentId)).toHaveLength(1);
  });
});

test("the desk says what is missing before the gate is asked, and signs once it is opened", async () => {
  const { incidentId, evidenceIds } = await citingIncident(world, 1, [
    { origin: "rules", claims: [{ front: true, cites: [0] }] },
  ]);
  await askForOpening(world.owner);
  const decision = await propose(world.web, { incidentId, proposer: world.ana });
  const by = { kind: "person" as const, session: null, id: world.bo.id };
  const approve = () =>
    signDecision(
      world.db.web,
      {
        decisionId: decision.id,
        outcome: "approved",
        statementSha256: decision.sha256.toString("hex"),
        password: world.bo.password,
        reason: null,
      },
      by,
    );
  expect(await approve()).toMatchObject({ ok: false, code: "evidence_not_opened" });
  await recordEvidenceRead(world.db.web, { incidentId, evidenceId: evidenceIds[0]! }, by);
  expect(await approve()).toMatchObject({ ok: true, state: "in_effect" });
});

type Reading = { actor: string; payload: unknown };

async function readings(incidentId: string): Promise<Reading[]> {
  const { rows } = await world.owner.query<{ actor: string; bytes: Buffer }>(
    `select e.actor, p.bytes from trail.entry e join trail.payload p on p.seq = e.seq
     where e.incident_id = $1 and e.kind = 'evidence.read' order by e.seq`,
    [incidentId],
  );
  return rows.map(({ actor, bytes }) => ({ actor, payload: JSON.parse(bytes.toString()) }));
}
