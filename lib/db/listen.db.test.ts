import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listen, RUN_CHANNEL } from "./listen.ts";
import { adminQuery, testDatabase, type TestDatabase } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

type Heard = { payloads: string[]; times: number; stop: () => Promise<void> };

function open(url: string): Heard {
  const stopping = new AbortController();
  const heard: Heard = {
    payloads: [],
    times: 0,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
  const ended = listen(url, {
    channel: RUN_CHANNEL,
    onNotify: (payload) => heard.payloads.push(payload),
    onListening: () => (heard.times += 1),
    signal: stopping.signal,
  });
  return heard;
}

const notify = (payload: string) =>
  db.pools.worker.query("select pg_notify($1, $2)", [RUN_CHANNEL, payload]);
const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000, interval: 10 });

test("what the worker notifies, web hears, in order", async () => {
  const heard = open(db.urls.web);
  await until(() => heard.times === 1);
  for (const payload of ["a", "b", "c"]) await notify(payload);
  await until(() => heard.payloads.length === 3);
  expect(heard.payloads).toEqual(["a", "b", "c"]);
  await heard.stop();
});

test("a connection that the server ends is opened again, and its owner is told to read on", async () => {
  const heard = open(db.urls.web);
  await until(() => heard.times === 1);
  await adminQuery(
    db.adminUrl,
    "select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%' and datname = current_database()",
  );
  await until(() => heard.times === 2);
  await notify("after");
  await until(() => heard.payloads.length === 1);
  expect(heard.payloads).toEqual(["after"]);
  await heard.stop();
});

test("a server that is not there is tried again until told to stop", async () => {
  const heard = open("postgresql://nobody@127.0.0.1:1/none");
  await heard.stop();
  expect(heard.times).toBe(0);
});

test("stopping leaves no connection behind", async () => {
  const heard = open(db.urls.web);
  await until(() => heard.times === 1);
  await heard.stop();
  const { rows } = await db.pools.owner.query(
    "select count(*)::int as n from pg_stat_activity where query like 'LISTEN%' and datname = current_database()",
  );
  expect(rows).toEqual([{ n: 0 }]);
});
