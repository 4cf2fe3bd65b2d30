import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRunEvents } from "#lib/commands/append-run-events.ts";
import { saveModelConfig } from "#lib/commands/save-model-config.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { setBudget } from "#lib/commands/set-budget.ts";
import { stopModel } from "#lib/commands/stop-model.ts";
import {
  evaluateForTest,
  saveForTest,
  signActivation,
  TEST_PROFILE,
  TEST_SEAL_KEYS,
} from "#lib/db/testing-copilot.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { finishRunForTest, RUN_WORKER, startRunForTest } from "#lib/db/testing-runs.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { activationStatement } from "./activation-statement.ts";
import { modelConfigPage, modelsPage } from "./models-page.ts";

const KEY = "sk-very-secret-0123456789abcd";
const PROMPTS = { summarise: 1, repair: 1, answer: 1, draft: 1 };

let db: TestDatabase;
let admin: TestPerson;
let first: string;

const person = () => ({
  kind: "person" as const,
  session: null,
  id: admin.id,
  role: "admin" as const,
});

beforeAll(async () => {
  db = await testDatabase();
  admin = await makePerson(db, "admin", "model admin");
});
afterAll(() => db.close());

describe("the models' page", () => {
  test("of a new installation has limits, and no model in force", async () => {
    const page = await modelsPage(db.web);
    expect(page).toMatchObject({ inForce: null, history: [], configs: [], evaluations: [] });
    expect(page.breaker.state).toBe("closed");
    expect(page.queue).toEqual({ queued: 0, streaming: 0, oldestQueuedAt: null });
    expect(page.budgets.map(({ scope, limitMicro }) => [scope, limitMicro])).toEqual([
      ["run", 1_000_000],
      ["incident", 5_000_000],
      ["day", 50_000_000],
      ["all", 1_000_000_000],
    ]);
  });

  test("shows a saved profile with its probe under way, and of its key the last four characters", async () => {
    const saved = await saveModelConfig(
      db.web,
      {
        name: "cloud",
        provider: "anthropic",
        model: "m-1",
        baseUrl: null,
        isLocal: false,
        profile: { ...TEST_PROFILE, accepts: "amber" },
        apiKey: KEY,
      },
      person(),
      { sealPublicKey: TEST_SEAL_KEYS.publicKey },
    );
    const page = await modelsPage(db.web);
    expect(page.configs).toHaveLength(1);
    expect(page.configs[0]).toMatchObject({
      id: saved.configId,
      name: "cloud",
      version: 1,
      keyHint: "abcd",
      createdBy: { id: admin.id },
      probe: { runId: saved.probeRunId, state: "queued", ok: null, findings: [] },
      evaluation: null,
    });
    expect(page.queue.queued).toBe(1);
    expect(JSON.stringify(page)).not.toContain("very-secret");
    first = saved.configId;
  });

  test("shows what the last probe found, one sentence a finding", async () => {
    const asked = await requestRun(
      db.web,
      { kind: "probe", configId: first, idem: randomUUID() },
      person(),
    );
    await startRunForTest(db, { runId: asked.runId });
    const findings = [
      { check: "evidence", ok: true, sentence: "It quoted the line." },
      { check: "schema", ok: false, sentence: "It left the form." },
    ];
    await appendRunEvents(db.worker, {
      runId: asked.runId,
      worker: RUN_WORKER,
      events: findings.map((data) => ({ kind: "notice" as const, data })),
    });
    await finishRunForTest(db, { runId: asked.runId, costMicro: 700 });
    const page = await modelConfigPage(db.web, first);
    expect(page!.config.probe).toMatchObject({
      runId: asked.runId,
      state: "finished",
      ok: false,
      findings,
    });
  });

  test("shows an evaluation, the signature over it, and the switch-off, the last one in force", async () => {
    const evaluationId = await evaluateForTest(db, { configId: first, prompts: PROMPTS });
    await signActivation(db, { configId: first, evaluationId, admin, reason: "It reads well." });
    const on = await modelsPage(db.web);
    expect(on.inForce).toMatchObject({
      config: { id: first, name: "cloud", version: 1, model: "m-1" },
      prompts: PROMPTS,
      evaluationId,
      reason: "It reads well.",
      person: { id: admin.id, role: "admin" },
    });
    expect(on.configs[0]!.evaluation).toMatchObject({ id: evaluationId, state: "finished" });
    expect((await modelConfigPage(db.web, first))!.inForceBy).toBe(evaluationId);

    await stopModel(db.web, { reason: "It writes nonsense." }, person());
    const off = await modelsPage(db.web);
    expect(off.inForce).toMatchObject({ config: null, reason: "It writes nonsense." });
    expect(off.history).toHaveLength(2);
    expect((await modelConfigPage(db.web, first))!.inForceBy).toBeNull();
  });

  test("shows a lowered limit at once, beside what the day has cost", async () => {
    const limits = {
      runMicro: 1_000,
      incidentMicro: 2_000,
      dayMicro: 3_000,
      allMicro: 4_000,
    };
    await setBudget(db.web, { ...limits, reason: "It is the end of the month." }, person());
    const { budgets } = await modelsPage(db.web);
    expect(budgets.map(({ limitMicro }) => limitMicro)).toEqual([1_000, 2_000, 3_000, 4_000]);
    const day = budgets.find(({ scope }) => scope === "day")!;
    expect(day).toMatchObject({ spentMicro: 700, reservedMicro: 0, overMicro: 0 });
  });

  test("has a page for each version, and none for what is not there", async () => {
    const second = await saveForTest(
      db,
      { name: "cloud", model: "m-2", baseUrl: "http://127.0.0.1:9" },
      admin,
    );
    expect((await modelConfigPage(db.web, second))!.config).toMatchObject({
      version: 2,
      model: "m-2",
    });
    expect((await modelConfigPage(db.web, first))!.config).toMatchObject({
      version: 1,
      model: "m-1",
    });
    expect(await modelConfigPage(db.web, randomUUID())).toBeNull();
  });
});

test("a statement names its configuration, evaluation, prompts, reason and what it follows", async () => {
  const page = await modelsPage(db.web);
  const evaluation = page.evaluations[0]!;
  const made = await activationStatement(db.web, {
    configId: first,
    evaluationId: evaluation.id,
    reason: "Once more.",
  });
  expect(JSON.parse(made.statement)).toEqual({
    act: "activate_model",
    config: page.configs.find(({ id }) => id === first)!.sha256,
    evaluation: evaluation.id,
    previous: page.inForce!.id,
    prompts: PROMPTS,
    reason: "Once more.",
    v: 1,
  });
  expect(made.statementSha256).toMatch(/^[0-9a-f]{64}$/);
  const nobody = randomUUID();
  await expect(
    activationStatement(db.web, { configId: nobody, evaluationId: nobody, reason: "x" }),
  ).rejects.toMatchObject({ code: "not_found" });
});
