/** The breaker of a model: one row for all workers, which leaves a provider in trouble alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunFault } from "#lib/domain/copilot/run.ts";
import { activateForTest, type ActivatedModel } from "./testing-copilot.ts";
import { makeIncident } from "./testing-people.ts";
import { finishRunForTest, queueRunForTest, startRunForTest } from "./testing-runs.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

let db: TestDatabase;
let model: ActivatedModel;
let incidentId: string;
beforeAll(async () => {
  db = await testDatabase();
  const profile = { concurrency: 100 };
  model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
  incidentId = (await makeIncident(db)).id;
});
afterAll(() => db.close());

beforeEach(async () => {
  await db.pools.owner.query(
    `update model_breaker set state = 'closed', closed_at = clock_timestamp(), opened_at = null, retry_at = null, reason = null,
       wait_seconds = 0, probe_run = null`,
  );
});

describe("closed", () => {
  test("opens at the third overloaded answer within 30 s", async () => {
    expect(await runs(["overloaded", "overloaded"])).toBe("closed");
    expect(await runs(["overloaded"])).toBe("open");
    expect(await breaker()).toMatchObject({ reason: "The provider is overloaded.", wait: 15 });
  });

  test("opens when half of the last twenty requests failed at the provider, and not before", async () => {
    await runs(Array<null>(10).fill(null));
    expect(await runs(Array<RunFault>(9).fill("server"))).toBe("closed");
    expect(await runs(["timeout"])).toBe("open");
    expect((await breaker()).reason).toMatch(/Half of the last requests/);
  });

  test("does not count what says nothing of the provider", async () => {
    const others: RunFault[] = ["rate_limited", "answer", "request", "credentials", "worker_lost"];
    expect(await runs([...others, ...others, ...others, ...others])).toBe("closed");
  });

  test("counts only since it closed last", async () => {
    await runs(Array<RunFault>(9).fill("connection"));
    await db.pools.owner.query("update model_breaker set closed_at = clock_timestamp()");
    expect(await runs(["connection"])).toBe("closed");
  });
});

describe("open", () => {
  test("refuses every start and says for how long", async () => {
    await open();
    const answer = await startRunForTest(db, { runId: await queue() });
    expect(answer).toMatchObject({ started: false, code: "breaker" });
    const { retrySeconds } = answer as { retrySeconds: number };
    expect(retrySeconds).toBeGreaterThan(10);
    expect(retrySeconds).toBeLessThanOrEqual(15);
  });

  test("after its pause one of ten starts tries, and the others wait", async () => {
    await open();
    await pauseIsOver();
    const waiting: string[] = [];
    for (let at = 0; at < 10; at += 1) waiting.push(await queue());
    const answers = await Promise.all(waiting.map((runId) => startRunForTest(db, { runId })));
    expect(answers.filter(({ started }) => started)).toHaveLength(1);
    expect(answers.filter((answer) => "code" in answer && answer.code === "breaker")).toHaveLength(
      9,
    );
    expect((await breaker()).state).toBe("half_open");
  });

  test("closes when that one succeeds", async () => {
    await open();
    await pauseIsOver();
    expect(await runs([null])).toBe("closed");
    expect(await runs([null])).toBe("closed");
  });

  test("closes when that one fails of something that is not the provider's trouble", async () => {
    await open();
    await pauseIsOver();
    expect(await runs(["answer"])).toBe("closed");
  });

  test("opens for twice as long each time that one fails, for five minutes at most", async () => {
    await open();
    const waits: number[] = [];
    for (let at = 0; at < 6; at += 1) {
      await pauseIsOver();
      expect(await runs(["connection"])).toBe("open");
      waits.push((await breaker()).wait);
    }
    expect(waits).toEqual([30, 60, 120, 240, 300, 300]);
  });

  test("lets the next one try at once when that one was called off", async () => {
    await open();
    await pauseIsOver();
    const runId = await start();
    const off = { state: "cancelled", fault: "stopped", error: "It was cancelled." } as const;
    await finishRunForTest(db, { runId, ...off });
    expect((await breaker()).state).toBe("open");
    expect(await startRunForTest(db, { runId: await queue() })).toEqual({
      started: true,
      attempt: 1,
    });
  });

  test("what ends late, having started before it opened, changes nothing", async () => {
    const early = await start();
    await open();
    await finishRunForTest(db, { runId: early });
    expect((await breaker()).state).toBe("open");
  });

  test("an attempt that failed while it is open is not counted against the run", async () => {
    const runId = await start();
    await open();
    const failed = { state: "failed", fault: "connection", error: "Nobody answered." } as const;
    const ended = await finishRunForTest(db, { runId, ...failed, retry: { afterSeconds: null } });
    const next = await db.web.modelRun.findUniqueOrThrow({
      where: { id: (ended as { nextRunId: string }).nextRunId },
    });
    expect(next).toMatchObject({ state: "queued", attempt: 1, kind: "note" });
  });
});

/** Runs one request after the other, each ending in this fault (null: whole); gives the breaker's state at the end. */
async function runs(faults: readonly (RunFault | null)[]): Promise<string> {
  for (const fault of faults) {
    const runId = await start();
    const failed = { state: "failed", fault, error: "It failed." } as const;
    await finishRunForTest(db, { runId, ...(fault === null ? {} : failed) });
  }
  return (await breaker()).state;
}

function queue(): Promise<string> {
  return queueRunForTest(db, { incidentId, model, kind: "note" });
}

async function start(): Promise<string> {
  const runId = await queue();
  expect(await startRunForTest(db, { runId, reserveMicro: 1 })).toMatchObject({ started: true });
  return runId;
}

async function open(): Promise<void> {
  expect(await runs(["overloaded", "overloaded", "overloaded"])).toBe("open");
}

async function pauseIsOver(): Promise<void> {
  await db.pools.owner.query("update model_breaker set retry_at = clock_timestamp()");
}

async function breaker(): Promise<{ state: string; reason: string | null; wait: number }> {
  const { rows } = await db.pools.web.query(
    "select state, reason, wait_seconds as wait from model_breaker where config_id = $1",
    [model.configId],
  );
  return rows[0] ?? { state: "closed", reason: null, wait: 0 };
}
