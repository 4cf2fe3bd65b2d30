import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cancelRun } from "#lib/commands/cancel-run.ts";
import { activateForTest, type ActivatedModel } from "#lib/db/testing-copilot.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import {
  finishRunForTest,
  queueRunForTest,
  RUN_WORKER,
  startRunForTest,
} from "#lib/db/testing-runs.ts";
import { createClient } from "#lib/db/prisma.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { testDesk, type TestDesk } from "../testing.ts";
import { openControl } from "./control.ts";
import { whileAway } from "./while-away.ts";

let db: TestDatabase;
let desk: TestDesk;
let model: ActivatedModel;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  model = await activateForTest(db, { model: "m", baseUrl: "http://127.0.0.1:9" });
});
afterAll(() => db.close());

const NOBODY = "postgresql://nobody@127.0.0.1:1/none";
const going = new AbortController().signal;

async function running(): Promise<string> {
  const incidentId = await desk.openIncident();
  const runId = await queueRunForTest(db, { incidentId, model });
  await startRunForTest(db, { runId });
  return runId;
}
const control = (runId: string, over: object = {}) =>
  openControl(db.worker, {
    ...{ runId, worker: RUN_WORKER, beatMs: 20, lostMs: 10_000, shutdown: going },
    ...over,
  });
const aborted = (signal: AbortSignal) =>
  vi.waitUntil(() => signal.aborted, { timeout: 10_000, interval: 10 });

test("signs of life keep a run from being taken for lost, and end with it", async () => {
  const runId = await running();
  const one = control(runId);
  const heartbeat = async () =>
    (await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } })).heartbeatAt!.getTime();
  const first = await heartbeat();
  await expect.poll(heartbeat, { timeout: 10_000 }).toBeGreaterThan(first);
  await one.end();
  const last = await heartbeat();
  await control(await running()).end();
  expect(await heartbeat()).toBe(last);
  expect([one.cause(), one.signal.aborted]).toEqual([null, false]);
});

test("a person's wish to stop is heard, and the first cause is the one that counts", async () => {
  const runId = await running();
  const shutdown = new AbortController();
  const one = control(runId, { shutdown: shutdown.signal });
  const person = await makePerson(db, "analyst", "stopper");
  await cancelRun(
    db.web,
    { runId },
    { kind: "person", session: null, id: person.id, role: "analyst" },
  );
  await aborted(one.signal);
  shutdown.abort();
  expect(one.cause()).toMatchObject({ kind: "stopped" });
  await one.end();
});

test("a run that was ended by somebody else is lost", async () => {
  const runId = await running();
  const one = control(runId);
  await finishRunForTest(db, { runId });
  await aborted(one.signal);
  expect(one.cause()).toMatchObject({ kind: "lost" });
  await one.end();
});

test("without the database a run goes on for as long as no other worker may have taken it, and no longer", async () => {
  const away = createClient(NOBODY, 1);
  const at = performance.now();
  const one = openControl(away, {
    ...{ runId: await running(), worker: RUN_WORKER, shutdown: going, beatMs: 20, lostMs: 300 },
  });
  await aborted(one.signal);
  expect(performance.now() - at).toBeGreaterThan(300);
  expect(one.cause()).toMatchObject({ kind: "lost" });
  await one.end();
  await away.$disconnect();
});

test("a worker that is told to stop calls its run off at once, also one that starts just then", async () => {
  const one = control(await running(), { shutdown: AbortSignal.abort() });
  expect([one.signal.aborted, one.cause()?.kind]).toEqual([true, "shutdown"]);
  await one.end();
});

test("what cannot reach the database is tried again for a while; what the database refuses is not", async () => {
  let tries = 0;
  const answer = await whileAway(10_000, going, async () => {
    tries += 1;
    if (tries < 3) throw new Error("connect ECONNREFUSED");
    return "there";
  });
  expect([answer, tries]).toEqual(["there", 3]);
  const refused = whileAway(10_000, going, async () => {
    tries += 1;
    return db.pools.worker.query("delete from model_run");
  });
  await expect(refused).rejects.toThrow(/permission denied/);
  expect(tries).toBe(4);
});
