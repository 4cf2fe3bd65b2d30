/** What is said of an incident whose cited records went to one of its own, until it is said anew. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { splitIncident } from "#lib/commands/split-incident.ts";
import { undoSplit } from "#lib/commands/undo-split.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { summarise } from "./summarise.ts";
import { testDesk, type TestDesk } from "./testing.ts";

let db: TestDatabase;
let desk: TestDesk;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
});
afterAll(() => db.close());

test("the summary is stale at once, what cites a record that went holds no more, and undoing gives it back", async () => {
  const { id, role } = await makePerson(db, "analyst");
  const by = { kind: "person", id, role, session: null } as const;
  const incidentId = await desk.openIncident();
  await summarise(db.worker, incidentId);
  const standings = async () => {
    const { rules } = await desk.summaries(incidentId);
    return rules!.claims.map(({ standing, citations }) => ({
      standing,
      cites: citations.some(({ evidenceId }) => evidenceId === went),
    }));
  };
  const { rules: before } = await desk.summaries(incidentId);
  const went = before!.claims.flatMap(({ citations }) => citations)[0]!.evidenceId!;
  expect((await standings()).some(({ cites }) => cites)).toBe(true);

  const input = { incidentId, evidenceIds: [went], reason: "Another host." };
  const { splitId } = await splitIncident(db.web, input, by);
  const { rules: after } = await desk.summaries(incidentId);
  expect(after).toMatchObject({ stale: true, staleBy: { addedCount: 0, goneCount: 1 } });
  expect(await standings()).toEqual(
    (await standings()).map(({ cites }) => ({
      cites,
      standing: cites ? "unsupported" : "supported",
    })),
  );
  expect((await findIncident(db.web, incidentId))!.summaryStanding).toBe("unsupported");

  await undoSplit(db.web, { splitId }, by);
  expect((await standings()).map(({ standing }) => standing)).toEqual(
    before!.claims.map(({ standing }) => standing),
  );
  expect((await findIncident(db.web, incidentId))!.summaryStanding).toBe("supported");
  expect((await desk.summaries(incidentId)).rules!.stale).toBe(true);
  expect(await summarise(db.worker, incidentId)).toMatchObject({ issued: true, version: 2 });
  await splitIncident(db.web, input, by);
  expect(await summarise(db.worker, incidentId)).toMatchObject({ issued: true, version: 3 });
  const { rules: anew } = await desk.summaries(incidentId);
  expect(anew!.stale).toBe(false);
  // a split, its undoing and another: three leaves that are no records, and one record that went
  expect(anew).toMatchObject({
    evidenceCount: before!.evidenceCount + 3,
    recordCount: before!.recordCount - 1,
  });
  expect(anew!.claims.map(({ standing }) => standing)).toEqual(anew!.claims.map(() => "supported"));
});
