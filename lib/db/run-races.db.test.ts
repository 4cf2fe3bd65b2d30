/** Starts at the same time, each over a connection of its own: what only locks can hold. */
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activateForTest, type ActivatedModel } from "./testing-copilot.ts";
import { makeIncident } from "./testing-people.ts";
import { queueRunForTest } from "./testing-runs.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

const AT_ONCE = 40;
const ACTS: [name: string, act: string][] = [
  ["a stop", "select gate.stop_model($1, 'It leaks.'), $2::uuid"],
  [
    "an evaluation",
    `insert into evaluation (id, config_id, by_id, prompts, suite, state, cases) values (gen_random_uuid(), $2, $1, '{}', 's', 'queued', 1)`,
  ],
];

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test("a model that takes three requests at a time is sent three of forty", async () => {
  const model = await modelThatTakes(3);
  const runs: string[] = [];
  for (let at = 0; at < AT_ONCE; at += 1) {
    const { id: incidentId } = await makeIncident(db);
    runs.push(await queueRunForTest(db, { incidentId, model, kind: "note" }));
  }
  const codes = await startAtOnce(runs);
  expect(codes.filter((code) => code === null)).toHaveLength(3);
  expect(codes.filter((code) => code === "concurrency")).toHaveLength(AT_ONCE - 3);
});

test("the switch that is turned while forty start stops the rest of them", async () => {
  const model = await modelThatTakes(AT_ONCE);
  const runs: string[] = [];
  for (let at = 0; at < AT_ONCE; at += 1) {
    const { id: incidentId } = await makeIncident(db);
    runs.push(await queueRunForTest(db, { incidentId, model, kind: "note" }));
  }
  const stop = db.pools.web.query("select gate.stop_model($1, 'It leaks.')", [model.admin.id]);
  const [codes] = await Promise.all([startAtOnce(runs), stop]);
  expect(new Set(codes.filter((code) => code !== null))).toEqual(new Set(["off"]));
  const { rows } = await db.pools.web.query(
    `select count(*)::int as late from model_run r, model_in_force f where r.config_id = $1 and r.state = 'streaming' and r.started_at > f.at`,
    [model.configId],
  );
  expect(rows[0].late).toBe(0);
});

test.each(ACTS)(
  "%s waits for a role that is being taken away, and is then refused",
  async (_, act) => {
    const { admin, configId } = await modelThatTakes(1);
    const demotes = new Client({ connectionString: db.urls.owner });
    await demotes.connect();
    await demotes.query("begin");
    await demotes.query("update person set role = 'analyst' where id = $1", [admin.id]);
    const acts = db.pools.web.query(act, [admin.id, configId]).then(
      () => "done",
      (fault: Error) => fault.message,
    );
    const early = await Promise.race([acts, setTimeout(300, "waits")]);
    await demotes.query("commit");
    await demotes.end();
    expect(early).toBe("waits");
    expect(await acts).toMatch(/^G3 /);
  },
);

function modelThatTakes(concurrency: number): Promise<ActivatedModel> {
  const profile = { concurrency };
  return activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
}

/** Why each of the runs was not started; null for one that was. */
async function startAtOnce(runs: readonly string[]): Promise<(string | null)[]> {
  const clients = runs.map(() => new Client({ connectionString: db.urls.worker }));
  await Promise.all(clients.map((client) => client.connect()));
  const codes = await Promise.all(
    runs.map(async (runId, at) => {
      const { rows } = await clients[at]!.query(
        `select gate.start_run($1, 'w', '{}', sha256('{}'), '{}', 1, 'f', 'c', null, null, null, sha256(''), 1, 1) ->> 'code' as code`,
        [runId],
      );
      return rows[0].code as string | null;
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
  return codes;
}
