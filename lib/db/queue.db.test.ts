import { afterAll, beforeAll, expect, test } from "vitest";
import { installQueue, workerQueue } from "./queue.ts";
import { refusal } from "./testing-gate.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test("the worker's login starts the queue and works a job off it", async () => {
  const boss = workerQueue(db.urls.worker);
  const errors: Error[] = [];
  boss.on("error", (error) => errors.push(error));
  await boss.start();
  const worked = new Promise<unknown>((done) => {
    void boss.work<{ incidentId: string }>(
      "summarise",
      { pollingIntervalSeconds: 0.5 },
      async ([job]) => done(job?.data),
    );
  });
  await boss.send("summarise", { incidentId: "one" }, { singletonKey: "one" });
  expect(await worked).toEqual({ incidentId: "one" });
  await boss.supervise("summarise");
  await boss.stop({ graceful: true, timeout: 5000 });
  expect(errors).toEqual([]);
});

test("installing twice changes nothing", async () => {
  await installQueue(db.urls.owner);
  const { rows } = await db.pools.worker.query("select name from pgboss.queue order by 1");
  expect(rows.map((row) => row.name)).toEqual(expect.arrayContaining(["summarise", "maintain"]));
});

test("the worker owns nothing of it, and the web login cannot see it", async () => {
  expect(await refusal(() => db.pools.worker.query("drop table pgboss.version"))).toMatch(
    /must be owner/,
  );
  expect(await refusal(() => db.pools.web.query("select * from pgboss.job"))).toMatch(
    /permission denied for schema/,
  );
});
