import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { honestAnswer } from "#e2e/fake-model/claims-from-evidence.ts";
import type { Script } from "#e2e/fake-model/server.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { stopModel } from "#lib/commands/stop-model.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import { workerQueue } from "#lib/db/queue.ts";
import { TEST_SEAL_KEYS } from "#lib/db/testing-copilot.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";
import { FAST, testCopilot, type TestCopilot } from "./testing-model.ts";
import { issueByVerifier1 } from "./testing-reverify.ts";
import { startWorker, type Worker } from "./worker.ts";

const SYSTEM = { kind: "system", id: "test" } as const;

let db: TestDatabase;
let source: { id: string; name: string };
let copilot: TestCopilot;
let worker: Worker | null = null;
let troubles: string[] = [];

beforeAll(async () => {
  db = await testDatabase();
  copilot = await testCopilot(db);
  source = {
    id: (await createSource(db.web, { name: "Test source", format: "generic" }, SYSTEM)).id,
    name: "Test source",
  };
});
afterEach(async () => {
  await worker?.stop();
  [worker, troubles] = [null, []];
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

/** A worker, and a model in force that answers so; without one the model is off. */
async function start(script: Script | null): Promise<void> {
  const by = { kind: "person", session: null, id: copilot.admin().id, role: "admin" } as const;
  if (script) await copilot.answering(script);
  else await stopModel(db.web, { reason: "No model in this test." }, by);
  await startOne();
}

async function startOne(): Promise<void> {
  worker = await startWorker({
    db: db.worker,
    queue: workerQueue(db.urls.worker),
    log: { info: () => undefined, warn: keep, error: keep },
    sealKey: TEST_SEAL_KEYS.privateKey,
    clocks: FAST,
  });
}

function keep(facts: object, message: string): void {
  troubles.push(`${message}: ${JSON.stringify(facts)}`);
}

async function alert(incidentKey: string): Promise<string> {
  const record = {
    id: randomUUID(),
    kind: "alert",
    time: "2026-03-01T02:14:07Z",
    severity: "high",
    title: "Odd logon",
    host: "ws-014",
  };
  const records = [{ index: 0, bytes: Buffer.from(JSON.stringify(record)) }];
  const { incidents } = await ingestRecords(db.web, {
    source,
    format: "generic",
    incidentKey,
    records,
    normalise,
  });
  return incidents[0]!.id;
}

/** The current summaries, once they cover this many records. */
function summariesOver(incidentId: string, evidenceCount: number, origins: string[]) {
  return vi.waitUntil(
    async () => {
      const all = await listSummaries(db.web, incidentId);
      const fresh = all.filter(
        (summary) => !summary.stale && summary.evidenceCount === evidenceCount,
      );
      return fresh.length === origins.length && fresh;
    },
    { timeout: 20_000, interval: 50 },
  );
}

test("what comes in is summarised by rules and model, and again when more comes in", async () => {
  await start(honestAnswer);
  const key = randomUUID();
  const incidentId = await alert(key);
  const [rules, model] = await summariesOver(incidentId, 1, ["rules", "model"]);
  expect(rules?.claims.every(({ standing }) => standing === "supported")).toBe(true);
  expect(model?.claims).toMatchObject([
    { text: '"Odd logon" is an alert.', standing: "supported" },
  ]);
  await alert(key);
  expect(await summariesOver(incidentId, 2, ["rules", "model"])).toMatchObject([
    { version: 2 },
    { version: 2 },
  ]);
  expect(troubles).toEqual([]);
});

test("twenty alerts to one incident at once end in one summary over them all", async () => {
  await start(null);
  const key = randomUUID();
  const incidentId = await alert(key);
  await Promise.all(Array.from({ length: 20 }, () => alert(key)));
  const [rules] = await summariesOver(incidentId, 21, ["rules"]);
  expect(rules!.version).toBeLessThan(12);
  expect(troubles).toEqual([]);
});

test("what came in while no worker ran is taken up when one starts", async () => {
  const incidentId = await alert(randomUUID());
  const before = (await db.web.outbox.findMany({ where: { incidentId } })).map(({ id }) => id);
  expect(before.length).toBeGreaterThan(0);
  await start(null);
  await summariesOver(incidentId, 1, ["rules"]);
  // what the summary and what follows it leave behind may wait for its turn; what was there before may not
  expect(await db.web.outbox.count({ where: { id: { in: before }, relayedAt: null } })).toBe(0);
});

test("a worker told to stop calls off the model, says so on the record, and leaves the run to the next", async () => {
  let isSilent = true;
  await start((request) => (isSilent ? { type: "silent" } : honestAnswer(request)));
  const incidentId = await alert(randomUUID());
  const runs = () =>
    db.web.modelRun.findMany({ where: { incidentId }, orderBy: { queuedAt: "asc" } });
  await vi.waitUntil(async () => (await runs())[0]?.state === "streaming", { timeout: 20_000 });
  await worker!.stop();
  expect(await runs()).toMatchObject([
    { state: "cancelled", fault: "worker_lost", attempt: 1 },
    { state: "queued", attempt: 2 },
  ]);
  isSilent = false;
  await startOne();
  await summariesOver(incidentId, 1, ["rules", "model"]);
  expect((await runs()).map(({ state }) => state)).toEqual(["cancelled", "finished"]);
});

test("each prompt is published once, on the trail, however often workers start", async () => {
  await start(null);
  const { rows } = await db.pools.auditor.query(
    "select count(*)::int as n from trail.entry where kind = 'prompt.published'",
  );
  expect(rows).toEqual([{ n: PROMPTS.length }]);
  expect(await db.web.promptVersion.count()).toBe(PROMPTS.length);
});

test("a worker that starts judges anew what an earlier verifier said", async () => {
  const incidentId = await alert(randomUUID());
  const text = "An alert with the severity low.";
  const claims = [{ text, standing: "supported" as const }];
  const summaryId = await issueByVerifier1(db, { incidentId, claims });
  await start(null);
  const rows = await vi.waitUntil(
    async () => {
      const found = await db.web.claimVerification.findMany({ where: { claim: { summaryId } } });
      return found.length > 0 && found;
    },
    { timeout: 10_000, interval: 50 },
  );
  expect(rows).toMatchObject([{ standing: "unsupported", was: "supported" }]);
});
