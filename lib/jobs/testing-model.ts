import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Answer } from "#e2e/fake-model/answer.ts";
import { startFakeModel, type FakeModel, type Script } from "#e2e/fake-model/server.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { queueSummary } from "#lib/commands/queue-summary.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import {
  activateForTest,
  TEST_SEAL_KEYS,
  TEST_WORKER,
  type ActivatedModel,
  type TestModel,
} from "#lib/db/testing-copilot.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { CLOCKS, type RunContext } from "./run-model/context.ts";
import { runModel, type Took } from "./run-model/run-model.ts";

export const MODEL = "fake-1";
/** Long enough for a loaded machine, short enough for a test. */
export const FAST = { ...CLOCKS, sweep: 100, beat: 100, mend: 300, settle: 0, backoff: 0 };

export type TestCopilot = {
  /** Puts a model in force that answers so; the one before it is closed. */
  answering: (script: Script | Answer, over?: Partial<TestModel>) => Promise<ActivatedModel>;
  fake: () => FakeModel;
  admin: () => TestPerson;
  /** What a worker of its own takes a run up with. */
  context: (over?: Partial<RunContext>) => RunContext;
  /** Queues a summary as the worker does after the rules; the run's id. */
  queue: (incidentId: string) => Promise<string>;
  /** The same, and takes it up at once. */
  ask: (incidentId: string) => Promise<{ runId: string; took: Took }>;
  close: () => Promise<void>;
};

export async function testCopilot(db: TestDatabase): Promise<TestCopilot> {
  let fake: FakeModel | null = null;
  for (const prompt of PROMPTS) await publishPrompt(db.worker, prompt, TEST_WORKER);
  const admin = await makePerson(db, "admin", "model admin");
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const context = (over: Partial<RunContext> = {}): RunContext => ({
    db: db.worker,
    worker: `test:${randomUUID()}`,
    sealKey: TEST_SEAL_KEYS.privateKey,
    log: quiet,
    clocks: FAST,
    shutdown: new AbortController().signal,
    wake: () => undefined,
    ...over,
  });
  async function queue(incidentId: string): Promise<string> {
    const queued = await queueSummary(db.worker, { incidentId });
    expect(queued.runId).not.toBeNull();
    return queued.runId!;
  }
  return {
    async answering(script, over = {}) {
      await fake?.close();
      fake = await startFakeModel({
        script: typeof script === "function" ? script : () => script,
      });
      return activateForTest(db, { model: MODEL, baseUrl: fake.url, admin, ...over });
    },
    fake: () => fake!,
    admin: () => admin,
    context,
    queue,
    async ask(incidentId) {
      const runId = await queue(incidentId);
      return { runId, took: await runModel(runId, context()) };
    },
    close: async () => fake?.close(),
  };
}
