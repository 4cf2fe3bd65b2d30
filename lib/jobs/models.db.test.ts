import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestEvaluation } from "#lib/commands/record-evaluation.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { stopModel } from "#lib/commands/stop-model.ts";
import { EVALUATION_SUITE, evaluationCases } from "#lib/copilot/evals/cases.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import { saveForTest, TEST_SEAL_KEYS } from "#lib/db/testing-copilot.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { runEvents } from "#lib/queries/run-events.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { saveEnvironmentModel } from "./environment-model.ts";
import { evaluate } from "./evaluate.ts";
import { readConfig } from "./run-model/read-config.ts";
import { runModel } from "./run-model/run-model.ts";
import { MODEL, testCopilot, type TestCopilot } from "./testing-model.ts";
import { testDesk } from "./testing.ts";

const SEAL = TEST_SEAL_KEYS.privateKey;
let db: TestDatabase;
let copilot: TestCopilot;

beforeAll(async () => {
  db = await testDatabase();
  await testDesk(db);
  copilot = await testCopilot(db);
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

const by = () =>
  ({ kind: "person", session: null, id: copilot.admin().id, role: "admin" }) as const;

test("the environment's model is saved once, switched on by nobody, and anew when key, address or model changes", async () => {
  const first = { model: "claude-sonnet-5-5", apiKey: "sk-first-0001", baseUrl: null };
  expect(await saveEnvironmentModel(db.worker, first, SEAL)).toBe(1);
  expect(await saveEnvironmentModel(db.worker, first, SEAL)).toBeNull();
  expect(await saveEnvironmentModel(db.worker, { ...first, apiKey: "sk-second-0001" }, SEAL)).toBe(
    2,
  );
  const local = { model: "qwen", apiKey: null, baseUrl: "http://127.0.0.1:9" };
  expect(await saveEnvironmentModel(db.worker, local, SEAL)).toBe(3);
  expect(await saveEnvironmentModel(db.worker, local, null)).toBeNull();
  const { rows } = await db.pools.web.query("select count(*)::int as n from model_in_force");
  expect(rows).toEqual([{ n: 0 }]);
  const configs = await db.worker.modelConfig.findMany({ orderBy: { version: "asc" } });
  expect(configs.map(({ keyHint }) => keyHint)).toEqual(["0001", "0001", null]);
  expect((await readConfig(db.worker, configs[1]!.id, SEAL)).key).toBe("sk-second-0001");
  await expect(saveEnvironmentModel(db.worker, first, null)).rejects.toThrow(
    /COUNTERSIGN_SEAL_PUBLIC is not set/,
  );
  const secret = { ...local, baseUrl: "http://user:hunter22@models.example" };
  const refused = await saveEnvironmentModel(db.worker, secret, SEAL).catch(
    (error: Error) => error,
  );
  expect(refused).toMatchObject({ code: "model_address" });
  expect(String(refused)).not.toContain("hunter22");
  expect(await db.worker.modelConfig.count()).toBe(3);
  // their probes wait for a worker; nobody listens there
  await db.pools.owner.query(
    "update model_run set not_before = now() + interval '1 year' where kind = 'probe'",
  );
});

test("a probe says what it found, in notices and without claims", async () => {
  const { configId } = await copilot.answering({ type: "claims", claims: [] });
  const { runId } = await requestRun(db.web, { kind: "probe", configId, idem: randomUUID() }, by());
  expect(await runModel(runId, copilot.context())).toBe("ended");
  const events = await runEvents(db.web, runId);
  const findings = events.flatMap((event) => (event.kind === "notice" ? [event.data] : []));
  expect(findings).toContainEqual({
    ...{ check: "answer", ok: true },
    sentence: expect.stringMatching(/^The server answered in /) as string,
  });
  expect(findings.find(({ check }) => check === "evidence")).toMatchObject({ ok: false });
  expect(events.at(-1)).toMatchObject({ kind: "done", data: { state: "finished" } });
});

/** A config as an earlier release stored one, with an address that is refused today. */
async function storedBefore(baseUrl: string): Promise<string> {
  const model = { model: MODEL, baseUrl: copilot.fake().url, apiKey: null, isLocal: false };
  const saved = await saveForTest(db, model, copilot.admin());
  const { name, version, provider, profile } = await db.worker.modelConfig.findUniqueOrThrow({
    where: { id: saved },
  });
  const facts = {
    ...{ name: `${name}-old`, version, provider, model: MODEL, baseUrl, isLocal: false },
    profile: profile as object,
  };
  const digest = new Uint8Array(sha256(canonicalJson(facts)));
  const { id } = await db.worker.modelConfig.create({
    data: { ...facts, id: randomUUID(), sha256: digest },
    select: { id: true },
  });
  return id;
}

test("a stored model whose address is refused today is never asked: by no run, by no evaluation", async () => {
  await copilot.answering({ type: "claims", claims: [] });
  const { host } = new URL(copilot.fake().url);
  const configId = await storedBefore(`http://user:hunter22@${host}`);
  const { runId } = await requestRun(db.web, { kind: "probe", configId, idem: randomUUID() }, by());
  expect(await runModel(runId, copilot.context())).toBe("never");
  const sentence = /^The model is not asked at its address; .+ Leave name and password out/;
  const error = expect.stringMatching(sentence) as string;
  expect(await db.web.modelRun.findUnique({ where: { id: runId } })).toMatchObject({
    ...{ state: "failed", fault: "request", error },
  });
  const input = { configId, idem: randomUUID(), prompts: LATEST, suite: "suite/1" };
  const { evaluationId } = await requestEvaluation(db.web, input, by());
  await evaluate(evaluationId, copilot.context());
  expect(await db.web.evaluation.findUnique({ where: { id: evaluationId } })).toMatchObject({
    ...{ state: "failed", scores: null, error },
  });
  expect(copilot.fake().requests).toHaveLength(0);
});

test("an evaluation of another suite than this worker has is not scored under its name", async () => {
  await copilot.answering({ type: "claims", claims: [] });
  const model = { model: MODEL, baseUrl: copilot.fake().url, name: "other-suite" };
  const configId = await saveForTest(db, model, copilot.admin());
  const input = { configId, idem: randomUUID(), prompts: LATEST, suite: "suite/0" };
  const { evaluationId } = await requestEvaluation(db.web, input, by());
  await evaluate(evaluationId, copilot.context());
  expect(copilot.fake().requests).toHaveLength(0);
  expect(await db.web.evaluation.findUnique({ where: { id: evaluationId } })).toMatchObject({
    ...{ state: "failed", scores: null },
    error: `The evaluation asks for the cases of suite/0, and this worker has those of ${EVALUATION_SUITE}; ask for it again.`,
  });
});

test("an evaluation asks every case once, also when its worker dies on the way", async () => {
  await copilot.answering({ type: "claims", claims: [] });
  await stopModel(db.web, { reason: "Only the evaluation may ask." }, by());
  const model = { model: MODEL, baseUrl: copilot.fake().url, name: "new" };
  const configId = await saveForTest(db, model, copilot.admin());
  const input = { configId, idem: randomUUID(), prompts: LATEST, suite: "suite/1" };
  const { evaluationId } = await requestEvaluation(db.web, input, by());
  const cases = evaluationCases().length;
  const dying = new AbortController();
  const first = evaluate(evaluationId, copilot.context({ shutdown: dying.signal }));
  await expect.poll(() => copilot.fake().requests.length, { timeout: 20_000 }).toBeGreaterThan(2);
  dying.abort();
  await first;
  const read = () => db.web.evaluation.findUniqueOrThrow({ where: { id: evaluationId } });
  expect(await read()).toMatchObject({ state: "running", cases });
  await evaluate(evaluationId, copilot.context());
  const ended = await read();
  expect(ended).toMatchObject({ state: "finished", casesDone: cases, error: null });
  expect(ended.scores).toMatchObject({ claims: 0, omission: 1 });
  const runs = await db.web.modelRun.findMany({ where: { evaluationId, state: "finished" } });
  expect(runs).toHaveLength(cases);
  const cost = runs.reduce((sum, { costMicro }) => sum + Number(costMicro), 0);
  expect(ended.scores).toMatchObject({ costMicro: cost });
}, 60_000);

test("an evaluation that the budget does not bear ends in its sentence", async () => {
  const price = { input: 1, output: 1_000_000_000, cacheRead: 1, cacheWrite: 1 };
  await copilot.answering({ type: "claims", claims: [] });
  const model = { model: MODEL, baseUrl: copilot.fake().url, name: "dear", profile: { price } };
  const configId = await saveForTest(db, model, copilot.admin());
  const input = { configId, idem: randomUUID(), prompts: LATEST, suite: "suite/1" };
  const { evaluationId } = await requestEvaluation(db.web, input, by());
  await evaluate(evaluationId, copilot.context());
  expect(await db.web.evaluation.findUnique({ where: { id: evaluationId } })).toMatchObject({
    state: "failed",
    error: expect.stringMatching(/cost more than one request may/) as string,
  });
});

test("an evaluation makes no score of a provider that fails, and says so", async () => {
  await copilot.answering({ type: "error", status: 500, errorType: "api_error" });
  const model = { model: MODEL, baseUrl: copilot.fake().url, name: "down" };
  const configId = await saveForTest(db, model, copilot.admin());
  const input = { configId, idem: randomUUID(), prompts: LATEST, suite: "suite/1" };
  const { evaluationId } = await requestEvaluation(db.web, input, by());
  await evaluate(evaluationId, copilot.context());
  expect(copilot.fake().requests).toHaveLength(4);
  expect(await db.web.evaluation.findUnique({ where: { id: evaluationId } })).toMatchObject({
    ...{ state: "failed", scores: null },
    error: expect.stringMatching(
      /^The same case failed 4 times: The model's server failed/,
    ) as string,
  });
});
