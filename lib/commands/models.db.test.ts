/** Models as admins save, evaluate, switch on and off. */
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SaveModelConfigInput } from "#lib/contracts/copilot-inputs.ts";
import {
  TEST_PROFILE,
  TEST_SEAL_KEYS,
  TEST_WORKER,
  activateForTest,
  evaluateForTest,
  saveForTest,
  signActivation,
} from "#lib/db/testing-copilot.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { openSealed } from "#lib/sealing/seal.ts";
import { activateModel } from "./activate-model.ts";
import type { Actor } from "./actor.ts";
import {
  beginEvaluation,
  finishEvaluation,
  noteEvaluationProgress,
  requestEvaluation,
} from "./record-evaluation.ts";
import { saveModelConfig } from "./save-model-config.ts";
import { setBudget } from "./set-budget.ts";

const PROMPTS = { summarise: 3, repair: 1, answer: 1, draft: 1 };
const SEALED = { sealPublicKey: TEST_SEAL_KEYS.publicKey };

let db: TestDatabase;
let adm: TestPerson;
let lea: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  adm = await makePerson(db, "admin", "adm");
  lea = await makePerson(db, "lead", "lea");
});
afterAll(() => db.close());

describe("saving a model", () => {
  test("makes a new version each time and queues a probe of it", async () => {
    const first = await save({ name: "claude" });
    const second = await save({ name: "claude" });
    expect([first.version, second.version]).toEqual([1, 2]);
    const probe = await db.web.modelRun.findUniqueOrThrow({ where: { id: second.probeRunId } });
    expect(probe).toMatchObject({ kind: "probe", state: "queued", configId: second.configId });
  });

  test("ten people at once get ten versions", async () => {
    const saved = await Promise.all(Array.from({ length: 10 }, () => save({ name: "race" })));
    expect(saved.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 10 }, (_, at) => at + 1),
    );
  });

  test("seals the key for the worker: the web login cannot even read the box", async () => {
    const apiKey = `sk-${randomUUID()}`;
    const { configId } = await save({ name: "sealed", apiKey });
    await expect(
      db.web.modelConfig.findUnique({ where: { id: configId }, select: { keySealed: true } }),
    ).rejects.toThrow(/permission denied|denied access/);
    const { keySealed, keyHint } = await db.worker.modelConfig.findUniqueOrThrow({
      where: { id: configId },
      select: { keySealed: true, keyHint: true },
    });
    const place = { table: "model_config", column: "key_sealed", rowId: configId };
    expect(openSealed(keySealed!, TEST_SEAL_KEYS.privateKey, place)).toBe(apiKey);
    expect(keyHint).toBe(apiKey.slice(-4));
    const { rows } = await db.pools.owner.query(
      `select count(*)::int as n from trail.payload where position(convert_to($1, 'UTF8') in bytes) > 0`,
      [apiKey],
    );
    expect(rows[0].n).toBe(0);
  });

  test("without a sealing key nothing with a key is saved", async () => {
    const saving = saveModelConfig(db.web, input({ name: "open" }), actor(adm), {
      sealPublicKey: null,
    });
    await expect(saving).rejects.toMatchObject({ code: "sealing_key_missing" });
    expect(await db.web.modelConfig.count({ where: { name: "open" } })).toBe(0);
  });

  test("names one version of its model, not what is newest today", async () => {
    await expect(save({ model: "claude-sonnet-latest" })).rejects.toMatchObject({
      code: "model_alias",
    });
  });

  test.each([
    ["http://user:hunter22@models.example", true],
    ["http://models.example", false],
    ["http://metadata.google.internal", true],
    ["http://[fd00:ec2::254]", true],
  ])("at %s is refused, and nothing of it is stored", async (baseUrl, isLocal) => {
    const saving = save({ name: "astray", provider: "compatible", baseUrl, isLocal });
    await expect(saving).rejects.toMatchObject({
      ...{ code: "model_address", status: 422 },
      publicMessage: expect.not.stringContaining("hunter22") as string,
    });
    expect(await db.web.modelConfig.count({ where: { name: "astray" } })).toBe(0);
    const { rows } = await db.pools.owner.query(
      `select count(*)::int as n from trail.payload where position(convert_to('astray', 'UTF8') in bytes) > 0`,
    );
    expect(rows[0].n).toBe(0);
  });

  test("is an admin's, or the worker's from its environment", async () => {
    await expect(save({ name: "theirs" }, lea)).rejects.toMatchObject({ code: "role_too_low" });
    const { configId } = await saveModelConfig(
      db.worker,
      input({ name: "environment" }),
      TEST_WORKER,
      SEALED,
    );
    const { byId } = await db.web.modelConfig.findUniqueOrThrow({
      where: { id: configId },
      select: { byId: true },
    });
    expect(byId).toBeNull();
  });
});

describe("an evaluation", () => {
  test("goes from queued to finished, once, and stands on the trail", async () => {
    const configId = await newConfig();
    const idem = randomUUID();
    const request = { configId, idem, prompts: PROMPTS, suite: "suite/1" };
    const { evaluationId } = await requestEvaluation(db.web, request, actor(adm));
    expect(await requestEvaluation(db.web, request, actor(adm))).toEqual({ evaluationId });
    await expect(
      requestEvaluation(db.web, { ...request, idem: randomUUID() }, actor(adm)),
    ).rejects.toMatchObject({ code: "evaluation_open" });
    expect(await beginEvaluation(db.worker, { evaluationId, cases: 9 })).toBe(true);
    await noteEvaluationProgress(db.worker, { evaluationId, casesDone: 4 });
    await noteEvaluationProgress(db.worker, { evaluationId, casesDone: 3 });
    const running = await db.web.evaluation.findUniqueOrThrow({ where: { id: evaluationId } });
    expect(running).toMatchObject({ state: "running", cases: 9, casesDone: 4 });
    const end = { error: "The model could not be reached." };
    expect(await finishEvaluation(db.worker, { evaluationId, end }, TEST_WORKER)).toBe(true);
    expect(await finishEvaluation(db.worker, { evaluationId, end }, TEST_WORKER)).toBe(false);
    expect(await lastKind()).toBe("evaluation.finished");
  });

  test("is asked for by an admin", async () => {
    const configId = await newConfig();
    const request = { configId, idem: randomUUID(), prompts: PROMPTS, suite: "suite/1" };
    await expect(requestEvaluation(db.web, request, actor(lea))).rejects.toMatchObject({
      code: "role_too_low",
    });
  });
});

describe("activating", () => {
  test("is signed with the admin's password over what the database shows", async () => {
    const { activationId, configId } = await activateForTest(db, {
      model: "m-1",
      baseUrl: "http://127.0.0.1:9",
      admin: adm,
    });
    const { rows } = await db.pools.web.query("select id, config_id from model_in_force");
    expect(rows).toEqual([{ id: activationId, config_id: configId }]);
    expect(await lastKind()).toBe("model.activated");
  });

  test("with a wrong password signs nothing", async () => {
    const signing = sign({ password: "guess" });
    await expect(signing).rejects.toMatchObject({ code: "password_wrong", status: 403 });
  });

  test("by a lead, with their own true password, is refused", async () => {
    await expect(sign({ person: lea })).rejects.toMatchObject({ code: "role_too_low" });
  });

  test("of what was evaluated as another model is refused", async () => {
    const evaluationId = await evaluateForTest(db, {
      configId: await newConfig(),
      prompts: PROMPTS,
    });
    await expect(sign({ evaluationId })).rejects.toMatchObject({ code: "evaluation_missing" });
  });

  test("before the evaluation has ended is refused", async () => {
    const configId = await newConfig();
    const request = { configId, idem: randomUUID(), prompts: PROMPTS, suite: "suite/1" };
    const { evaluationId } = await requestEvaluation(db.web, request, actor(adm));
    await beginEvaluation(db.worker, { evaluationId, cases: 2 });
    await expect(sign({ configId, evaluationId })).rejects.toMatchObject({
      code: "evaluation_missing",
    });
  });

  test("when another activation came between showing and signing is refused", async () => {
    const configId = await newConfig();
    const evaluationId = await evaluateForTest(db, { configId, prompts: PROMPTS });
    const shown = await statementOf(configId, evaluationId);
    await signActivation(db, { configId, evaluationId, admin: adm });
    const late = sign({ configId, evaluationId, statement: shown });
    await expect(late).rejects.toMatchObject({ code: "statement_changed" });
  });

  test("twice at the same time with the same signature happens once", async () => {
    const configId = await newConfig();
    const evaluationId = await evaluateForTest(db, { configId, prompts: PROMPTS });
    const statement = await statementOf(configId, evaluationId);
    const tries = await Promise.allSettled(
      [1, 2, 3].map(() => sign({ configId, evaluationId, statement })),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("a budget is set by an admin, and the newest counts", async () => {
  const limits = { runMicro: 1, incidentMicro: 2, dayMicro: 3, allMicro: 4, reason: "Small." };
  await expect(setBudget(db.web, limits, actor(lea))).rejects.toMatchObject({
    code: "role_too_low",
  });
  await setBudget(db.web, limits, actor(adm));
  const [newest] = await db.web.budgetLimit.findMany({ orderBy: { number: "desc" }, take: 1 });
  expect(newest).toMatchObject({ runMicro: 1n, allMicro: 4n, byId: adm.id });
  expect(await lastKind()).toBe("budget.set");
});

function actor({ id, role }: TestPerson): Actor {
  return { kind: "person", session: null, id, role };
}

function input(some: Partial<SaveModelConfigInput>): SaveModelConfigInput {
  return {
    name: "claude",
    provider: "anthropic",
    model: "claude-sonnet-5-5",
    baseUrl: null,
    isLocal: false,
    profile: TEST_PROFILE,
    apiKey: "sk-test-key",
    ...some,
  };
}

function save(some: Partial<SaveModelConfigInput>, by: TestPerson = adm) {
  return saveModelConfig(db.web, input(some), actor(by), SEALED);
}

function newConfig(): Promise<string> {
  return saveForTest(db, { model: "m-2", baseUrl: "http://127.0.0.1:9" }, adm);
}

async function statementOf(configId: string, evaluationId: string): Promise<string> {
  const { rows } = await db.pools.web.query(
    "select gate.activation_statement($1, $2, 'It does better.') as text",
    [configId, evaluationId],
  );
  return rows[0].text;
}

type Signing = {
  configId?: string;
  evaluationId?: string;
  statement?: string;
  person?: TestPerson;
  password?: string;
};

/** Activates a model of its own, evaluated, but for what is given. */
async function sign(some: Signing) {
  const configId = some.configId ?? (await newConfig());
  const evaluationId =
    some.evaluationId ?? (await evaluateForTest(db, { configId, prompts: PROMPTS }));
  const statement = some.statement ?? (await statementOf(configId, evaluationId));
  const person = some.person ?? adm;
  return activateModel(
    db.web,
    {
      configId,
      evaluationId,
      reason: "It does better.",
      statementSha256: createHash("sha256").update(statement).digest("hex"),
      password: some.password ?? person.password,
    },
    actor(person),
  );
}

async function lastKind(): Promise<string> {
  const { rows } = await db.pools.auditor.query(
    "select kind from trail.entry order by seq desc limit 1",
  );
  return rows[0].kind;
}
