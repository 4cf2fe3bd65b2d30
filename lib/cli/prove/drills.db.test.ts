/** The drills of `npm run prove` at a size that every check can run: real processes, killed; a real server, gone. */
import { beforeEach, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import type { Audit } from "./drill/audit.ts";
import { drillOutage } from "./outage.ts";
import { drillStream } from "./stream.ts";
import { drillWorkers } from "./workers.ts";

const NOTHING_WRONG: Audit = {
  open: 0,
  withoutReason: 0,
  withoutEnd: 0,
  disorder: 0,
  summariesWrong: 0,
  budgetsWrong: 0,
  trailWrong: 0,
  unread: 0,
};

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
  return () => db.close();
});

test(
  "six workers are killed over forty summaries: all end, once, with their effects once and their money settled once",
  { timeout: 240_000 },
  async () => {
    const size = { jobs: 40, kills: 6, workers: 2, concurrency: 3, seed: 4, seconds: 200 };
    const result = await drillWorkers(db, size);
    expect(result).toMatchObject({ ...NOTHING_WRONG, sentTwice: 0, kills: 6 });
    expect(result.killsInRuns).toBeGreaterThan(0);
    expect(result.ended["failed (worker_lost)"]).toBeGreaterThan(0);
    expect(result.ended["finished"]).toBe(40);
  },
);

test(
  "readers are cut off five times and web processes killed: every byte as stored, once",
  { timeout: 240_000 },
  async () => {
    const size = { runs: 12, cuts: 5, readers: 6, killWebMs: 1500, seed: 17, seconds: 200 };
    const result = await drillStream(db, size);
    expect(result).toMatchObject({ runs: 12, unequal: 0, cuts: 60 });
    expect(result.webKills).toBeGreaterThan(0);
  },
);

test(
  "half an hour without the provider: nobody is held up, and all of it is made up for",
  { timeout: 240_000 },
  async () => {
    const size = { minutes: 30, faster: 150, incidents: 12, drainSeconds: 120 };
    const result = await drillOutage(db, size);
    expect(result).toMatchObject({ ...NOTHING_WRONG, unanswered: 0 });
    expect(result.acts.failures).toEqual([]);
    expect(result.acts.took.length).toBeGreaterThan(25);
    expect(result.backlog).toBeGreaterThan(5);
  },
);
