/** Runs as a worker leaves them, step by step, without a model. */
import { randomUUID } from "node:crypto";
import { appendRunEvents } from "#lib/commands/append-run-events.ts";
import type { EndState } from "#lib/commands/finish-model-run.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { queueSummary } from "#lib/commands/queue-summary.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { RUN_CHANNEL } from "#lib/db/listen.ts";
import { activateForTest, TEST_WORKER, type ActivatedModel } from "#lib/db/testing-copilot.ts";
import { makeEvidence, makeIncident, makeSource } from "#lib/db/testing-people.ts";
import { finishRunForTest, RUN_WORKER, startRunForTest } from "#lib/db/testing-runs.ts";
import type { TestDatabase } from "#lib/db/testing.ts";

export type TestRuns = {
  model: ActivatedModel;
  /** A running summary of an incident of its own. */
  summary: () => Promise<{ runId: string; incidentId: string }>;
  /** A running probe, which has no incident. */
  probe: () => Promise<string>;
  /** Stores so many claims, in one transaction each, and says so unless `isQuiet`. */
  claims: (runId: string, count: number, options?: { isQuiet?: boolean }) => Promise<void>;
  end: (runId: string, state?: EndState) => Promise<void>;
  say: (runId: string) => Promise<void>;
};

/** A model in force over a database of the test's own. */
export async function testRuns(db: TestDatabase): Promise<TestRuns> {
  for (const prompt of PROMPTS) await publishPrompt(db.worker, prompt, TEST_WORKER);
  const profile = { concurrency: 64 };
  const model = await activateForTest(db, { model: "m-1", baseUrl: "http://127.0.0.1:9", profile });
  const { id: sourceId } = await makeSource(db);
  const say = async (runId: string) => {
    await db.pools.worker.query("select pg_notify($1, $2)", [RUN_CHANNEL, runId]);
  };
  return {
    model,
    say,
    async summary() {
      const { id: incidentId } = await makeIncident(db);
      await makeEvidence(db, { sourceId, incidentId, position: 1 });
      const { runId } = await queueSummary(db.worker, { incidentId });
      await start(db, runId!);
      return { runId: runId!, incidentId };
    },
    async probe() {
      const { configId, admin } = model;
      const by = { kind: "person", session: null, id: admin.id, role: "admin" } as const;
      const ask = { kind: "probe", configId, idem: randomUUID() } as const;
      const { runId } = await requestRun(db.web, ask, by);
      await start(db, runId);
      return runId;
    },
    async claims(runId, count, { isQuiet = false } = {}) {
      for (let n = 0; n < count; n += 1) {
        const events = [{ kind: "claim", data: claimOf(n) } as const];
        await appendRunEvents(db.worker, { runId, worker: RUN_WORKER, events });
        if (!isQuiet) await say(runId);
      }
    },
    async end(runId, state = "finished") {
      await finishRunForTest(db, { runId, state, costMicro: 5 });
      await say(runId);
    },
  };
}

async function start(db: TestDatabase, runId: string): Promise<void> {
  const answer = await startRunForTest(db, {
    runId,
    reserveMicro: 10,
    request: `{"asked":"${runId}"}`,
  });
  if (!answer.started) throw new Error(`the run did not start: ${answer.sentence}`);
}

/** With everything that is awkward on a line of text. */
function claimOf(ordinal: number): StreamedClaim {
  return {
    ordinal,
    text: `Claim ${ordinal}: \u{1F600} "quoted"\n\ndata: not an event\r\nid: 9\u2028end`,
    kind: "observation",
    polarity: "affirmed",
    standing: "partial",
    verifier: "1",
    checks: [],
    predicates: [],
    uncovered: [],
    citations: [],
  };
}
