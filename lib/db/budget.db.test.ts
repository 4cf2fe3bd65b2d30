/** What models may cost: held back before, booked after, and never more than the limit, whoever asks at once. */
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setBudget } from "#lib/commands/set-budget.ts";
import { activateForTest, type ActivatedModel } from "./testing-copilot.ts";
import { makeIncident } from "./testing-people.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "./testing-runs.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

const DAY_MICRO = 1_000_000;

let db: TestDatabase;
let model: ActivatedModel;
beforeAll(async () => {
  db = await testDatabase();
  const profile = { concurrency: 1_000 };
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
});
afterAll(() => db.close());

beforeEach(async () => {
  await endAll();
  // a limit may go up again: what was spent before a test is taken out of its way
  await db.pools.owner.query("update model_budget set spent_micro = 0, over_micro = 0");
  await limits({});
});

describe("at the last cent", () => {
  test("50 runs started at once for a budget of ten: ten start, and nothing is overspent", async () => {
    await limits({ dayMicro: DAY_MICRO });
    const answers = await startAtOnce(50, DAY_MICRO / 10);
    expect(answers.filter(({ started }) => started)).toHaveLength(10);
    expect(new Set(answers.flatMap(({ code }) => code ?? []))).toEqual(new Set(["budget_day"]));
    expect(await budget("day")).toMatchObject({ reserved: DAY_MICRO, spent: 0, over: 0 });
    expect(await budget("all")).toMatchObject({ reserved: DAY_MICRO });
  });

  test("50 runs of one incident at once: its own budget holds as well", async () => {
    await limits({ incidentMicro: 30_000 });
    const { id: incidentId } = await makeIncident(db);
    const answers = await startAtOnce(50, 10_000, incidentId);
    expect(answers.filter(({ started }) => started)).toHaveLength(3);
    expect(new Set(answers.flatMap(({ code }) => code ?? []))).toEqual(
      new Set(["budget_incident"]),
    );
    expect(await budget("incident", incidentId)).toMatchObject({ reserved: 30_000, spent: 0 });
  });

  test("runs that start while others end: what is spent and held back never passes the limit", async () => {
    await limits({ dayMicro: 100_000 });
    const first = await startMany(5, 20_000);
    const ends = first.map((runId) => finishRunForTest(db, { runId, costMicro: 7_000 }));
    const [answers] = await Promise.all([startAtOnce(40, 10_000), ...ends]);
    const started = answers.filter((answer) => answer.started).length;
    const { spent, reserved, limit } = await budget("day");
    expect(spent).toBe(35_000);
    expect(reserved).toBe(started * 10_000);
    expect(spent + reserved).toBeLessThanOrEqual(limit);
  });
});

describe("booking", () => {
  test("what a run cost is booked once, and the rest given back", async () => {
    const runId = await start(10_000);
    expect(await budget("day")).toMatchObject({ reserved: 10_000, spent: 0 });
    await finishRunForTest(db, { runId, costMicro: 4_000 });
    const again = await finishRunForTest(db, { runId, costMicro: 9_999 });
    expect(again).toEqual({ finished: false });
    expect(await budget("day")).toMatchObject({ reserved: 0, spent: 4_000, over: 0 });
    expect(await budget("all")).toMatchObject({ reserved: 0, spent: 4_000 });
  });

  test("twenty ends of one run at once book it once", async () => {
    const runId = await start(10_000);
    const ends = await Promise.all(
      Array.from({ length: 20 }, () => finishRunForTest(db, { runId, costMicro: 3_000 })),
    );
    expect(ends.filter(({ finished }) => finished)).toHaveLength(1);
    expect(await budget("day")).toMatchObject({ reserved: 0, spent: 3_000 });
  });

  test("a cost nobody knows counts as all that was held back", async () => {
    const runId = await start(10_000);
    await finishRunForTest(db, {
      runId,
      worker: null,
      state: "failed",
      fault: "worker_lost",
      error: "The worker was lost.",
      costMicro: null,
    });
    expect(await budget("day")).toMatchObject({ reserved: 0, spent: 10_000 });
  });

  test("more than was held back is booked up to the limit; the rest stands apart", async () => {
    await limits({ dayMicro: 10_000 });
    const runId = await start(10_000);
    await finishRunForTest(db, { runId, costMicro: 12_500 });
    expect(await budget("day")).toMatchObject({ reserved: 0, spent: 10_000, over: 2_500 });
  });

  test("what went over is not spent a second time when the limit goes up", async () => {
    await limits({ dayMicro: 10_000 });
    await finishRunForTest(db, { runId: await start(10_000), costMicro: 12_500 });
    const free = await startRunForTest(db, { runId: await queue(), reserveMicro: 0 });
    expect(free).toMatchObject({ started: true });
    await limits({ dayMicro: 14_000 });
    const runId = await queue();
    const refused = await startRunForTest(db, { runId, reserveMicro: 1_501 });
    expect(refused).toMatchObject({ started: false, code: "budget_day" });
    expect(await startRunForTest(db, { runId, reserveMicro: 1_500 })).toMatchObject({
      started: true,
    });
    await finishRunForTest(db, { runId, costMicro: 1_500 });
    expect(await budget("day")).toMatchObject({ spent: 11_500, over: 2_500, limit: 14_000 });
  });

  test("a run that is cancelled before it starts costs nothing", async () => {
    const runId = await queue();
    const error = "Not needed any more.";
    await finishRunForTest(db, { runId, worker: null, state: "cancelled", error, costMicro: null });
    expect(await budget("day")).toMatchObject({ reserved: 0, spent: 0 });
  });
});

describe("limits", () => {
  const TOO_MUCH: [scope: string, code: string, set: object][] = [
    ["a request", "budget_run", { runMicro: 9_999 }],
    ["an incident", "budget_incident", { incidentMicro: 9_999 }],
    ["a day", "budget_day", { dayMicro: 9_999 }],
    ["everything", "budget_all", { allMicro: 9_999 }],
  ];
  test.each(TOO_MUCH)("of %s: one cent more is refused, and says so", async (_, code, set) => {
    await limits(set);
    const { id: incidentId } = await makeIncident(db);
    const runId = await queue(incidentId);
    const answer = await startRunForTest(db, { runId, reserveMicro: 10_000 });
    expect(answer).toMatchObject({ started: false, code });
    const waits = await db.web.modelRun.findUniqueOrThrow({ where: { id: runId } });
    expect(waits).toMatchObject({ state: "queued", waitsFor: expect.stringMatching(/\.$/) });
    expect(await budget("day")).toMatchObject({ reserved: 0 });
    expect(await startRunForTest(db, { runId, reserveMicro: 9_999 })).toMatchObject({
      started: true,
    });
  });

  test("waiting mends only the budget of the day", async () => {
    await limits({ dayMicro: 0 });
    const day = await startRunForTest(db, { runId: await queue(), reserveMicro: 1 });
    expect(day).toMatchObject({ retrySeconds: expect.any(Number) });
    await limits({ allMicro: 0 });
    const all = await startRunForTest(db, { runId: await queue(), reserveMicro: 1 });
    expect(all).toMatchObject({ code: "budget_all", retrySeconds: null });
  });

  test("a limit lowered under what is spent stops new runs and takes nothing back", async () => {
    const runId = await start(10_000);
    await finishRunForTest(db, { runId, costMicro: 8_000 });
    await limits({ dayMicro: 5_000 });
    const refused = await startRunForTest(db, { runId: await queue(), reserveMicro: 1 });
    expect(refused).toMatchObject({ code: "budget_day" });
    expect(await budget("day")).toMatchObject({ spent: 8_000, limit: 8_000 });
    await limits({ dayMicro: 9_000 });
    expect(await startRunForTest(db, { runId: await queue(), reserveMicro: 1_000 })).toMatchObject({
      started: true,
    });
  });
});

type Limits = { runMicro: number; incidentMicro: number; dayMicro: number; allMicro: number };

async function limits(some: Partial<Limits>): Promise<void> {
  const wide = { runMicro: 1e9, incidentMicro: 1e9, dayMicro: 1e9, allMicro: 1e9 };
  const by = { kind: "person", session: null, id: model.admin.id, role: "admin" } as const;
  await setBudget(db.web, { ...wide, ...some, reason: "For the test." }, by);
}

async function budget(scope: string, key?: string) {
  const { rows } = await db.pools.auditor.query(
    `select spent_micro::int as spent, reserved_micro::int as reserved, over_micro::int as over, limit_micro::float8 as limit
     from model_budget where scope = $1 and ($2::text is null or key = $2)`,
    [scope, key ?? null],
  );
  return rows[0] ?? { spent: 0, reserved: 0, over: 0, limit: 0 };
}

async function queue(incidentId?: string): Promise<string> {
  const of = incidentId ?? (await makeIncident(db)).id;
  return queueRunForTest(db, { incidentId: of, model, kind: "note" });
}

async function start(reserveMicro: number): Promise<string> {
  const runId = await queue();
  expect(await startRunForTest(db, { runId, reserveMicro })).toMatchObject({ started: true });
  return runId;
}

async function startMany(count: number, reserveMicro: number): Promise<string[]> {
  const runs: string[] = [];
  for (let at = 0; at < count; at += 1) runs.push(await start(reserveMicro));
  return runs;
}

type Answer = { started: boolean; code?: string };

/** Starts so many queued runs, each over a connection of its own, all at the same time. */
async function startAtOnce(
  count: number,
  reserveMicro: number,
  incidentId?: string,
): Promise<Answer[]> {
  const runs: string[] = [];
  for (let at = 0; at < count; at += 1) runs.push(await queue(incidentId));
  const clients = runs.map(() => new Client({ connectionString: db.urls.worker }));
  await Promise.all(clients.map((client) => client.connect()));
  const answers = await Promise.all(
    runs.map(async (runId, at) => {
      const result = await clients[at]!.query<{ answer: Answer }>(
        `select gate.start_run($1, $2, '{}', sha256('{}'), '{}', $3, 'f', 'c', null, null, null, sha256(''), 1, 1) as answer`,
        [runId, `worker-${randomUUID()}`, reserveMicro],
      );
      return result.rows[0]!.answer;
    }),
  );
  await Promise.all(clients.map((client) => client.end()));
  return answers;
}

async function endAll(): Promise<void> {
  const open = await db.worker.modelRun.findMany({
    where: { state: { in: ["queued", "streaming"] } },
    select: { id: true },
  });
  for (const { id: runId } of open) {
    await finishRunForTest(db, {
      runId,
      worker: null,
      state: "failed",
      error: "The test is over.",
    });
  }
}
