import { createHash, randomUUID } from "node:crypto";
import { activateModel } from "#lib/commands/activate-model.ts";
import type { Actor } from "#lib/commands/actor.ts";
import {
  beginEvaluation,
  finishEvaluation,
  requestEvaluation,
} from "#lib/commands/record-evaluation.ts";
import { saveModelConfig } from "#lib/commands/save-model-config.ts";
import type { EvaluationScores } from "#lib/contracts/copilot-views.ts";
import type { ModelProfile, PromptSet, Provider } from "#lib/domain/copilot/profile.ts";
import { newSealKeys } from "#lib/sealing/seal.ts";
import { makePerson } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import type { TestDatabase } from "./testing.ts";

/** The seal keys that keys in test databases are sealed with. */
export const TEST_SEAL_KEYS = newSealKeys();
export const TEST_WORKER: Actor = { kind: "system", id: "worker" };

/** A profile of a small, cheap model that holds to a schema and gets pseudonyms of nobody. */
export const TEST_PROFILE: ModelProfile = {
  schema: "enforced",
  countsTokens: false,
  caches: false,
  effort: null,
  windowTokens: 200_000,
  outputTokens: 8_000,
  evidenceTokens: 60_000,
  concurrency: 4,
  timeoutSeconds: 60,
  idleSeconds: 20,
  price: { input: 2_000_000, output: 10_000_000, cacheRead: 200_000, cacheWrite: 2_500_000 },
  accepts: "amber_strict",
  pseudonyms: false,
  repairs: false,
};

export type TestModel = {
  model: string;
  baseUrl: string;
  /** Members that differ from TEST_PROFILE. */
  profile?: Partial<ModelProfile>;
  name?: string;
  provider?: Provider;
  isLocal?: boolean;
  /** Default: `test key`, sealed with TEST_SEAL_KEYS. */
  apiKey?: string | null;
  sealPublicKey?: string;
  /** Default: the newest published version of each prompt, or 1. */
  prompts?: PromptSet;
  admin?: TestPerson;
};

export type ActivatedModel = {
  configId: string;
  evaluationId: string;
  activationId: string;
  prompts: PromptSet;
  admin: TestPerson;
};

/**
 * A model in force, as an admin puts one in force: its profile is saved, an evaluation of it is finished by the
 * worker's login, and the activation is signed with the admin's password. Publish prompts before.
 */
export async function activateForTest(db: TestDatabase, input: TestModel): Promise<ActivatedModel> {
  const admin = input.admin ?? (await makePerson(db, "admin", "model admin"));
  const configId = await saveForTest(db, input, admin);
  const prompts = input.prompts ?? (await newestPrompts(db));
  const evaluationId = await evaluateForTest(db, { configId, prompts });
  const activationId = await signActivation(db, { configId, evaluationId, admin });
  return { configId, evaluationId, activationId, prompts, admin };
}

/** Saves a model's profile as an admin; its probe is queued too, and cancelled, so that the queue is empty. */
export async function saveForTest(
  db: TestDatabase,
  input: TestModel,
  admin: TestPerson,
): Promise<string> {
  const by: Actor = { kind: "person", session: null, id: admin.id, role: "admin" };
  const { configId, probeRunId } = await saveModelConfig(
    db.web,
    {
      name: input.name ?? `test-${randomUUID().slice(0, 8)}`,
      provider: input.provider ?? "compatible",
      model: input.model,
      baseUrl: input.baseUrl,
      isLocal: input.isLocal ?? true,
      profile: { ...TEST_PROFILE, ...input.profile },
      apiKey: input.apiKey === undefined ? "test key" : input.apiKey,
    },
    by,
    { sealPublicKey: input.sealPublicKey ?? TEST_SEAL_KEYS.publicKey },
  );
  await db.pools.web.query("select gate.cancel_run($1, $2)", [probeRunId, admin.id]);
  return configId;
}

const SCORES: EvaluationScores = {
  claims: 10,
  standings: { supported: 9, partial: 1, unsupported: 0, contradicted: 0 },
  citationPrecision: 1,
  citationRecall: 1,
  omission: 0,
  abstention: 1,
  injectionInfluence: 0,
  schemaFailures: 0,
  costMicro: 100,
  latencyMs: { p50: 10, p95: 20 },
};

/** An evaluation as the worker leaves a finished one; prompts that are not published are, with any text. */
export async function evaluateForTest(
  db: TestDatabase,
  { configId, prompts }: { configId: string; prompts: PromptSet },
): Promise<string> {
  await publishMissing(db, prompts);
  const request = { configId, idem: randomUUID(), prompts, suite: "suite/1" };
  const { evaluationId } = await requestEvaluation(db.worker, request, TEST_WORKER);
  await beginEvaluation(db.worker, { evaluationId, cases: 3 });
  await finishEvaluation(db.worker, { evaluationId, end: { scores: SCORES } }, TEST_WORKER);
  return evaluationId;
}

async function publishMissing(db: TestDatabase, prompts: PromptSet): Promise<void> {
  await db.pools.worker.query(
    `insert into prompt_version (id, name, version, text, sha256, reason)
     select gen_random_uuid(), key, value::int, 'Say it.', sha256('Say it.'::bytea), 'test' from jsonb_each_text($1)
     on conflict do nothing`,
    [JSON.stringify(prompts)],
  );
}

/** Signs the statement the database shows, with the admin's password; returns the activation's id. */
export async function signActivation(
  db: TestDatabase,
  input: { configId: string; evaluationId: string; admin: TestPerson; reason?: string },
): Promise<string> {
  const { configId, evaluationId, admin, reason = "For the tests." } = input;
  const { rows } = await db.pools.web.query<{ statement: string }>(
    "select gate.activation_statement($1, $2, $3) as statement",
    [configId, evaluationId, reason],
  );
  const statementSha256 = createHash("sha256").update(rows[0]!.statement).digest("hex");
  const { activationId } = await activateModel(
    db.web,
    { configId, evaluationId, reason, statementSha256, password: admin.password },
    { kind: "person", session: null, id: admin.id, role: "admin" },
  );
  return activationId;
}

async function newestPrompts(db: TestDatabase): Promise<PromptSet> {
  const rows = await db.owner.promptVersion.groupBy({ by: ["name"], _max: { version: true } });
  const newest = (name: keyof PromptSet): number =>
    rows.find((row) => row.name === name)?._max.version ?? 1;
  return {
    summarise: newest("summarise"),
    repair: newest("repair"),
    answer: newest("answer"),
    draft: newest("draft"),
  };
}
