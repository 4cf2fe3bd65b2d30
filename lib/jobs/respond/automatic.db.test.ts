import { afterAll, beforeAll, expect, test } from "vitest";
import { act, makeCollectable, stop } from "#lib/db/testing-automation.ts";
import { makeSource } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import { respondAll } from "./respond.ts";
import { responseDesk, type ResponseDesk } from "./testing-respond.ts";

let desk: ResponseDesk;
let sourceId: string;
beforeAll(async () => {
  desk = await responseDesk(await testDatabase());
  sourceId = (await makeSource(desk.db)).id;
  await desk.configure({ kind: "simulated", settings: {}, credentials: null });
});
afterAll(() => desk.db.close());

/** Lets collecting run by itself over a new incident; gives its run. */
async function acted() {
  const { incidentId } = await makeCollectable(desk.db, { sourceId });
  const id = await act(desk.db.pools.worker, incidentId);
  const { rows } = await desk.db.pools.owner.query<{ id: string }>(
    "select id from response_run where automatic_act_id = $1",
    [id],
  );
  return { incidentId, runId: rows[0]!.id };
}

test("what automation decided is sent once, verified, and on the trail as its act's", async () => {
  const { incidentId, runId } = await acted();
  await respondAll(desk.context());
  await desk.hurry(runId);
  await respondAll(desk.context());
  expect(await desk.run(runId)).toMatchObject({ outcome: "verified", step: "done" });
  expect(await desk.attempts(runId)).toMatchObject([{ number: 1, outcome: "dispatched" }]);
  expect(await desk.trailKinds(incidentId)).toEqual([
    "response.automatic",
    "response.attempted",
    "response.dispatched",
    "response.verified",
  ]);
});

test("a stop holds back what was decided and not yet sent, and nothing that people signed", async () => {
  const { incidentId, runId } = await acted();
  const signed = await desk.signed({ action: "isolate_host", target: "ws-17" }, incidentId);
  await stop(desk.db.pools.web, desk.lea, { scope: "incident", incidentId });
  await respondAll(desk.context());
  expect(await desk.attempts(runId)).toEqual([]);
  expect(await desk.run(runId)).toMatchObject({
    outcome: "unknown",
    step: "done",
    foreseen: "Nothing was sent: automation was stopped before this was sent.",
  });
  expect(await desk.attempts(signed.runId)).toMatchObject([{ outcome: "dispatched" }]);
});
