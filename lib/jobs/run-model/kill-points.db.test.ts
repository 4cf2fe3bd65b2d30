import { afterAll, beforeAll, expect, test } from "vitest";
import type { Db } from "#lib/db/prisma.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { runEvents } from "#lib/queries/run-events.ts";
import { FAST, MODEL, testCopilot, type TestCopilot } from "../testing-model.ts";
import { alertOf, claimOn, testDesk, TITLE, type TestDesk } from "../testing.ts";
import { mendRuns } from "./mend.ts";
import { runModel } from "./run-model.ts";

let db: TestDatabase;
let desk: TestDesk;
let copilot: TestCopilot;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  copilot = await testCopilot(db);
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

const GOOD = `"${TITLE}" is an alert on ws-014.`;
const BAD = `"${TITLE}" is an alert on ws-999.`;
const ROUNDS_MAX = 12;

/** The database as a process sees it that dies at its n-th statement: that one and all later ones never arrive. */
function dyingAt(n: number): { db: Db; statements: () => number } {
  let count = 0;
  const extended = db.worker.$extends({
    query: {
      $allOperations({ args, query }) {
        count += 1;
        if (count >= n) return Promise.reject(new Error("this process is dead"));
        return query(args);
      },
    },
  });
  return { db: extended as unknown as Db, statements: () => count };
}

/** What any living worker does about what it finds, until there is nothing left to do. */
async function liveOn(incidentId: string): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await db.pools.owner.query(
      "update model_run set heartbeat_at = heartbeat_at - interval '1 hour' where state = 'streaming'",
    );
    const mended = await mendRuns(copilot.context());
    const waiting = await db.web.modelRun.findMany({
      where: { incidentId, state: "queued" },
      select: { id: true },
    });
    if (waiting.length + mended.ended + mended.issued === 0) return;
    for (const { id } of waiting) await runModel(id, copilot.context());
  }
  throw new Error("there is always something left to do");
}

async function money() {
  const [budget] = await db.owner.modelBudget.findMany({ where: { scope: "all" } });
  const runs = await db.web.modelRun.findMany({ where: { reservedMicro: { not: null } } });
  const costs = runs.map(({ costMicro, reservedMicro }) => costMicro ?? reservedMicro ?? 0n);
  return { ...budget!, charged: costs.reduce((sum, cost) => sum + cost, 0n) };
}

async function expectWhole(incidentId: string): Promise<void> {
  const runs = await db.web.modelRun.findMany({
    where: { incidentId },
    include: { summary: { include: { claims: { orderBy: { ordinal: "asc" } } } } },
  });
  expect(runs.filter(({ state }) => state === "queued" || state === "streaming")).toEqual([]);
  for (const run of runs) {
    const events = await runEvents(db.web, run.id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(events.at(-1)).toMatchObject({ kind: "done", data: { state: run.state } });
    const shown = events.flatMap((event) => (event.kind === "claim" ? [event.data.text] : []));
    const issued = run.summary?.claims.map(({ text }) => text) ?? [];
    expect(run.kind === "repair" || run.summary === null ? shown : issued).toEqual(shown);
  }
  const { spentMicro, reservedMicro, charged } = await money();
  expect([spentMicro, reservedMicro]).toEqual([charged, 0n]);
  const { model } = await desk.summaries(incidentId);
  expect(model).toMatchObject({ state: "complete", stale: false, generator: MODEL });
  expect(model!.claims[0]!.text).toBe(GOOD);
}

type Dying = { repairs: boolean; every: number };

/** Lets a worker die at its first statement, at the next one but `every` and so on, until it lives to the end. */
async function dieEverywhere({ repairs, every }: Dying): Promise<number> {
  await copilot.answering(
    (request) => ({
      type: "claims",
      claims: [claimOn(alertOf(request).id, GOOD), claimOn(alertOf(request).id, BAD)],
    }),
    { profile: { repairs, price: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 } } },
  );
  for (let n = 1; ; n += every) {
    const incidentId = await desk.openIncident();
    const runId = repairs ? await repairOf(incidentId) : await copilot.queue(incidentId);
    const dying = dyingAt(n);
    const clocks = { ...FAST, beat: 60_000, lost: 20 };
    await runModel(runId, copilot.context({ db: dying.db, clocks })).catch(() => undefined);
    await liveOn(incidentId);
    await expectWhole(incidentId);
    if (dying.statements() < n) return dying.statements();
  }
}

/** The summary stands, and its repair waits. */
async function repairOf(incidentId: string): Promise<string> {
  await copilot.ask(incidentId);
  const repair = await db.web.modelRun.findFirstOrThrow({ where: { incidentId, kind: "repair" } });
  return repair.id;
}

test("a worker that dies at any statement leaves nothing stuck, charged twice, or shown but not stored", async () => {
  expect(await dieEverywhere({ repairs: false, every: 1 })).toBeGreaterThan(40);
}, 120_000);

test("nor does one that dies while a summary is mended", async () => {
  expect(await dieEverywhere({ repairs: true, every: 7 })).toBeGreaterThan(40);
}, 120_000);

/** The database of a process that does not hear of its n-th commit, although it was made. */
function unheardCommit(n: number): { db: Db; commits: () => number } {
  let count = 0;
  const proxy = new Proxy(db.worker, {
    get(target, name) {
      if (name !== "$transaction") return Reflect.get(target, name) as unknown;
      return async (...args: Parameters<Db["$transaction"]>) => {
        const result: unknown = await target.$transaction(...args);
        count += 1;
        if (count === n) throw new Error("the connection was lost");
        return result;
      };
    },
  });
  return { db: proxy, commits: () => count };
}

test("a commit whose answer is lost is not made twice", async () => {
  await copilot.answering((request) => ({
    type: "claims",
    claims: Array.from({ length: 3 }, () => claimOn(alertOf(request).id, GOOD)),
    ...{ chunkChars: 200, chunkDelayMs: 30 },
  }));
  let commits = 0;
  for (let n = 1; n <= commits + 1; n += 1) {
    const incidentId = await desk.openIncident();
    const runId = await copilot.queue(incidentId);
    const unheard = unheardCommit(n);
    await runModel(runId, copilot.context({ db: unheard.db })).catch(() => undefined);
    commits = Math.max(commits, unheard.commits());
    await liveOn(incidentId);
    await expectWhole(incidentId);
    const runs = await db.web.modelRun.findMany({ where: { incidentId }, select: { id: true } });
    const last = await runEvents(db.web, runs.at(-1)!.id);
    expect(last.filter(({ kind }) => kind === "claim")).toHaveLength(3);
    // the start that was not heard of is the only one that is made again
    expect(runs).toHaveLength(n === 1 ? 2 : 1);
  }
  expect(commits).toBeGreaterThan(3);
}, 120_000);
