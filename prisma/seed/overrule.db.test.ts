/** The demo's review room is not empty. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { overruleDemo } from "./overrule.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test("one claim is disputed and judged, one corrected, the others accepted", async () => {
  const { id: incidentId } = await makeIncident(db);
  const { id: summaryId } = await db.worker.summary.create({
    data: {
      ...{ incidentId, origin: "rules", version: 1, state: "complete", generator: "rules/1" },
      evidenceRoot: new Uint8Array(32),
      evidenceCount: 1,
    },
    select: { id: true },
  });
  await db.worker.claim.createMany({
    data: [0, 1, 2, 3].map((ordinal) => ({
      ...{ id: randomUUID(), summaryId, ordinal, front: true, text: `Thing ${ordinal}.` },
      ...{ kind: "observation", polarity: "affirmed", standing: "supported", verifier: "1" },
      ...{ predicates: [], checks: [], uncovered: [] },
    })),
  });
  const [first, second, lead] = await Promise.all(
    (["analyst", "analyst", "lead"] as const).map(async (role, n) => {
      const { id } = await makePerson(db, role, `p${n}`);
      return { kind: "person", session: null, id, role } as const;
    }),
  );
  await overruleDemo(db.web, incidentId, { first: first!, second: second!, lead: lead! });
  const reviews = await db.web.claimReview.findMany({ where: { incidentId } });
  expect(reviews.map(({ outcome }) => outcome).toSorted()).toEqual([
    "accepted",
    "accepted",
    "corrected",
    "disputed",
  ]);
  const overrides = await db.web.override.findMany({ where: { incidentId } });
  expect(overrides.filter(({ judgedAt }) => judgedAt !== null)).toHaveLength(1);
  expect(overrides).toHaveLength(2);
});
