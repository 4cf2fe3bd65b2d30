/** Where the figures come from, on a desk whose numbers are known. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "#lib/commands/actor.ts";
import { assignIncident } from "#lib/commands/assign-incident.ts";
import { openStatement } from "#lib/commands/open-statement.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { setTrainingMode } from "#lib/commands/set-training-mode.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import {
  makeEvidence,
  makeIncident,
  makePerson,
  makeSource,
  type TestPerson,
} from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { trainingSince } from "./training-mode.ts";
import { trendRows } from "./trend-rows.ts";

let db: TestDatabase;
let [ana, bo]: TestPerson[] = [];
let incidentId: string;
let claims: string[];
beforeAll(async () => {
  db = await testDatabase();
  ana = await makePerson(db, "analyst", "ana");
  bo = await makePerson(db, "analyst", "bo");
  ({ id: incidentId } = await makeIncident(db));
  const { id: sourceId } = await makeSource(db);
  await makeEvidence(db, { sourceId, incidentId, position: 1 });
  claims = await makeClaims();
});
afterAll(() => db.close());

test("the last word on a claim counts, with what it can be told apart by", async () => {
  await reviewClaim(db.web, { claimId: claims[0]!, outcome: "accepted" }, actor(ana!));
  const dispute = { claimId: claims[0]!, outcome: "disputed", reason: "No." } as const;
  await reviewClaim(db.web, dispute, actor(bo!));
  for (const claimId of claims.slice(1)) {
    await reviewClaim(db.web, { claimId, outcome: "accepted" }, actor(ana!));
  }
  const { claims: rows, sittings } = await trendRows(db.web, { days: 7 });
  expect(rows.map(({ outcome }) => outcome).toSorted()).toEqual([
    "accepted",
    "accepted",
    "disputed",
  ]);
  expect(rows[0]).toMatchObject({ model: "rules/1", prompt: null, kind: "observation" });
  expect(sittings.map((one) => [one.claims, one.accepted, one.person]).toSorted()).toEqual([
    [1, 0, null],
    [3, 3, null],
  ]);
});

test("an incident's moments are its own: first alert, first taken, closed and how it was judged", async () => {
  await assignIncident(db.web, { incidentId, personId: ana!.id, expected: null }, actor(ana!));
  const before = await incidentRow();
  expect(before.firstAlertReceived).not.toBeNull();
  expect(before.firstHumanClaim).toBeGreaterThanOrEqual(before.openedAt);
  expect(before).toMatchObject({ closureInEffect: null, judgement: null, alerts: 1 });
  const decision = await propose(db.pools.web, { incidentId, proposer: ana! });
  await sign(db.pools.web, decision, { person: bo! });
  const after = await incidentRow();
  expect(after).toMatchObject({ judgement: "benign_positive" });
  expect(after.closureInEffect).toBeGreaterThan(after.openedAt);
});

describe("a signature", () => {
  test("tells whether its signer had opened evidence, and since when the statement stood there", async () => {
    const { id } = await makeIncident(db);
    const decision = await propose(db.pools.web, { incidentId: id, proposer: ana! });
    expect(await openStatement(db.web, { decisionId: decision.id }, actor(bo!))).toEqual({
      noted: true,
    });
    expect(await openStatement(db.web, { decisionId: decision.id }, actor(bo!))).toEqual({
      noted: false,
    });
    await sign(db.pools.web, decision, { person: bo! });
    const late = await openStatement(db.web, { decisionId: decision.id }, actor(ana!));
    expect(late).toEqual({ noted: false });
    const [newest] = (await trendRows(db.web, { days: 7 })).signOffs;
    expect(newest).toMatchObject({ outcome: "approved", openedEvidence: false, person: null });
    expect(newest!.openedAt).toBeGreaterThanOrEqual(newest!.proposedAt);
    expect(newest!.openedAt).toBeLessThanOrEqual(newest!.signedAt);
  });

  test("of nobody's decision notes nothing", async () => {
    const answer = await openStatement(db.web, { decisionId: randomUUID() }, actor(bo!));
    expect(answer).toEqual({ noted: false });
  });

  test("carries a name only of who lets it, from then on, and of nobody once it is off", async () => {
    const names = async () =>
      (await trendRows(db.web, { days: 7 })).signOffs.map(({ person }) => person?.name ?? null);
    const before = (await names()).length;
    await setTrainingMode(db.web, { on: true }, actor(bo!));
    expect(await trainingSince(db.web, bo!.id)).not.toBeNull();
    expect(await trainingSince(db.web, ana!.id)).toBeNull();
    for (const signer of [bo!, ana!]) {
      const { id } = await makeIncident(db);
      const proposer = signer === bo ? ana! : bo!;
      await sign(db.pools.web, await propose(db.pools.web, { incidentId: id, proposer }), {
        person: signer,
      });
    }
    expect(await names()).toEqual([null, "bo", ...Array.from({ length: before }, () => null)]);
    await setTrainingMode(db.web, { on: false }, actor(bo!));
    expect((await names()).every((name) => name === null)).toBe(true);
  });
});

test("no more rows are told from than the limit, and it is said", async () => {
  const cut = await trendRows(db.web, { days: 7, most: 2 });
  expect(cut.isCut).toBe(true);
  expect([cut.claims.length, cut.signOffs.length, cut.incidents.length]).toEqual([2, 2, 2]);
  expect((await trendRows(db.web, { days: 7 })).isCut).toBe(false);
});

function actor({ id, role }: TestPerson): Actor {
  return { kind: "person", session: null, id, role };
}

async function incidentRow() {
  const { incidents } = await trendRows(db.web, { days: 7 });
  return incidents.toSorted((a, b) => a.openedAt - b.openedAt)[0]!;
}

async function makeClaims(): Promise<string[]> {
  const { id: summaryId } = await db.worker.summary.create({
    data: {
      ...{ incidentId, origin: "rules", version: 1, state: "complete", generator: "rules/1" },
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 1,
    },
    select: { id: true },
  });
  const ids = [0, 1, 2].map(() => randomUUID());
  await db.worker.claim.createMany({
    data: ids.map((id, ordinal) => ({
      ...{ id, summaryId, ordinal, front: true, text: `Thing ${ordinal}.`, kind: "observation" },
      ...{ polarity: "affirmed", standing: "supported", verifier: "1" },
      ...{ predicates: [], checks: [], uncovered: [] },
    })),
  });
  return ids;
}
