import { createHash, randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";
import { saveForTest } from "./testing-copilot.ts";
import { proofOf } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import type { TestPerson } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;

export type Activation = {
  person: TestPerson;
  configId: string;
  evaluationId: string;
  /** What the person was shown and signs; default: what the database shows. */
  statement?: string;
  reason?: string;
  /** What is said to be the reason when it is handed in; default: the same. */
  reasonHandedIn?: string;
  proof?: (sql: Client, sha256: Buffer) => Promise<Uint8Array | null>;
};

/** Signs and activates by plain SQL, as the web login may. */
export async function activate(sql: Client, input: Activation): Promise<string> {
  const { person, configId, evaluationId, reason = "It does better." } = input;
  const statement = input.statement ?? (await shown(sql, [configId, evaluationId, reason]));
  const sha256 = createHash("sha256").update(statement).digest();
  const proof = await (input.proof?.(sql, sha256) ?? proofOf(sql, person, sha256));
  const { rows } = await sql.query("select gate.activate_model($1, $2, $3, $4, $5, $6) as id", [
    person.id,
    configId,
    evaluationId,
    sha256,
    proof,
    input.reasonHandedIn ?? reason,
  ]);
  return rows[0].id;
}

async function shown(sql: Client, of: [string, string, string]): Promise<string> {
  const { rows } = await sql.query("select gate.activation_statement($1, $2, $3) as text", of);
  return rows[0].text ?? "{}";
}

/** Attacks on what model is in force, by the web login and by the owner. */
export const ACTIVATION_ATTACKS: Attack[] = [
  forged("G2", "this must be", "an admin who has left activates", {}, async (client, w) => {
    await w.owner.query("update person set active = false where id = $1", [w.adm.id]);
    return client;
  }),
  forged("G3", "this is for an admin", "a lead activates", { person: (w) => w.lea }),
  forged("G3", "this is for an admin", "an analyst activates", { person: (w) => w.ana }),
  forged("G5", "another statement", "a made-up statement is signed", { statement: '{"v":1}' }),
  forged("G5", "another statement", "the reason is changed after signing", {
    reasonHandedIn: "Because I say so.",
  }),
  guard("G5", "another statement", "a signature is used a second time", (w) =>
    undone(w.web, async (client) => {
      const { rows } = await client.query(
        "select statement, proof, reason from model_activation where id = $1",
        [w.model.activationId],
      );
      const { statement, proof, reason } = rows[0];
      await activate(client, { ...truth(w), statement, reason, proof: async () => proof });
    }),
  ),
  forged("G6", "password proof", "a made-up proof", { proof: async () => randomBytes(32) }),
  forged("G6", "password proof", "another person's proof", {
    proof: (w, client, sha256) => proofOf(client, w.lea, sha256),
  }),
  forged("G6", "password proof", "a wrong password", {
    proof: (w, client, sha256) => proofOf(client, { ...w.adm, password: "guess" }, sha256),
  }),
  guard("G16", "a model goes live", "an evaluation of another model", async (w) => {
    const configId = await saveForTest(
      w.db,
      { model: "m-2", baseUrl: "http://127.0.0.1:9" },
      w.adm,
    );
    return undone(w.web, (client) => activate(client, { ...truth(w), configId }));
  }),
  guard("G16", "a model goes live", "an evaluation that has not ended", async (w) =>
    undone(w.web, async (client) => {
      const evaluationId = await openEvaluation(client, w);
      await activate(client, { ...truth(w), evaluationId });
    }),
  ),
  guard("G16", "a model goes live", "an evaluation that failed", async (w) =>
    undone(w.owner, async (client) => {
      const evaluationId = await openEvaluation(client, w);
      await client.query("update evaluation set state = 'failed', error = 'No.' where id = $1", [
        evaluationId,
      ]);
      await activate(client, { ...truth(w), evaluationId });
    }),
  ),
  guard("G16", "a model goes live with prompts", "prompts that nobody published", async (w) =>
    undone(w.owner, async (client) => {
      const evaluationId = await openEvaluation(client, w, { ...w.model.prompts, draft: 99 });
      await client.query("update evaluation set state = 'running', cases = 1 where id = $1", [
        evaluationId,
      ]);
      await client.query(
        "update evaluation set state = 'finished', cases_done = 1, scores = '{}' where id = $1",
        [evaluationId],
      );
      await activate(client, { ...truth(w), evaluationId });
    }),
  ),
  guard("G16", "there is no such model", "no evaluation at all", async (w) =>
    undone(w.web, (client) => activate(client, { ...truth(w), evaluationId: randomUUID() })),
  ),
  guard("G2", "this must be", "someone who has left stops the model", (w) => stop(w, w.gone)),
  guard("G2", "this must be", "a machine stops the model", (w) => stop(w, w.machine)),
  guard("G3", "the role may not stop", "an analyst stops the model", (w) => stop(w, w.ana)),
  guard("G3", "the role may not stop", "an auditor stops the model", (w) => stop(w, w.aud)),
  byOwner("G6 password proof", "an activation inserted without a true proof", {}),
  byOwner("G3 this is for an admin", "an activation inserted for a lead", {
    person_id: (w) => w.lea.id,
  }),
  byOwner("G5 the statement does not", "an activation inserted with another statement", {
    statement: () => "{}",
    statement_sha256: () => createHash("sha256").update("{}").digest(),
  }),
  byOwner("G16 a model goes live", "an activation inserted with other prompts", {
    prompts: () => '{"summarise":99}',
  }),
  guard("G5", "the hash is not the model", "a model that is not what its hash says", (w) =>
    insertConfig(w, w.adm, { model: "another" }),
  ),
  guard("G2", "this must be", "a model that nobody saved", (w) => insertConfig(w, null)),
  guard("G3", "this is for an admin", "a model saved by a lead", (w) => insertConfig(w, w.lea)),
  {
    name: "a model that is not on one's premises and takes TLP:RED",
    says: 'new row for relation "model_config" violates check constraint "model_config_accepts"',
    run: (w) => insertConfig(w, w.adm, { profile: '{"accepts":"red","concurrency":1}' }),
  },
  {
    ...guard("G5", "the hash is not the model", "a model with no guard on its hash", (w) =>
      insertConfig(w, w.adm, { model: "another" }),
    ),
    notices: "check_config on model_config",
  },
];

function truth(w: World): Activation {
  return { person: w.adm, configId: w.model.configId, evaluationId: w.model.evaluationId };
}

type Forgery = {
  person?: (w: World) => TestPerson;
  statement?: string;
  reasonHandedIn?: string;
  proof?: (w: World, client: Client, sha256: Buffer) => Promise<Uint8Array>;
};

function forged(
  code: string,
  words: string,
  name: string,
  forgery: Forgery,
  before?: (client: Client, w: World) => Promise<unknown>,
): Attack {
  const { person, proof, ...rest } = forgery;
  return guard(code, words, name, async (w) => {
    try {
      await undone(w.web, async (client) => {
        await before?.(client, w);
        const by = person?.(w) ?? w.adm;
        const proved = proof && ((sql: Client, sha256: Buffer) => proof(w, sql, sha256));
        await activate(client, {
          ...truth(w),
          ...rest,
          person: by,
          ...(proved && { proof: proved }),
        });
      });
    } finally {
      if (before) await w.owner.query("update person set active = true where id = $1", [w.adm.id]);
    }
  });
}

async function openEvaluation(
  client: Client,
  w: World,
  prompts: PromptSet = w.model.prompts,
): Promise<string> {
  const id = randomUUID();
  await client.query(
    "insert into evaluation (id, config_id, prompts, suite, by_id) values ($1, $2, $3, 'suite/1', $4)",
    [id, w.model.configId, JSON.stringify(prompts), w.adm.id],
  );
  return id;
}

function stop(w: World, person: TestPerson): Promise<void> {
  return undone(w.web, (client) =>
    client.query("select gate.stop_model($1, 'Enough.')", [person.id]),
  );
}

/** An activation inserted past the functions, true but for a made-up proof and what `columns` say. */
function byOwner(
  says: string,
  name: string,
  columns: Record<string, (w: World) => unknown>,
): Attack {
  const run: Attack["run"] = (w) =>
    undone(w.owner, async (client) => {
      const { configId, evaluationId, prompts } = w.model;
      const statement = await shown(client, [configId, evaluationId, "Mine."]);
      const row: Record<string, unknown> = {
        id: randomUUID(),
        config_id: configId,
        prompts: JSON.stringify(prompts),
        evaluation_id: evaluationId,
        person_id: w.adm.id,
        statement,
        statement_sha256: createHash("sha256").update(statement).digest(),
        proof: randomBytes(32),
        reason: "Mine.",
      };
      for (const [column, value] of Object.entries(columns)) row[column] = value(w);
      const names = Object.keys(row);
      const places = names.map((_, index) => `$${index + 1}`);
      await client.query(
        `insert into model_activation (${names.join(", ")}) values (${places.join(", ")})`,
        Object.values(row),
      );
    });
  return { name: `owner: ${name}`, says, notices: "check_activation on model_activation", run };
}

/** A model inserted by the web login, with the hash of what stands in force. */
function insertConfig(
  w: World,
  by: TestPerson | null,
  forged: { model?: string; profile?: string } = {},
): Promise<void> {
  return undone(w.web, async (client) => {
    const profile = forged.profile ?? '{"accepts":"clear","concurrency":1}';
    const facts = `{"baseUrl":null,"isLocal":false,"model":"m","name":"forged","profile":${profile},"provider":"anthropic","version":1}`;
    await client.query(
      `insert into model_config (id, name, version, provider, model, is_local, profile, sha256, by_id)
       values (gen_random_uuid(), 'forged', 1, 'anthropic', $1, false, $2, $3, $4)`,
      [forged.model ?? "m", profile, createHash("sha256").update(facts).digest(), by?.id ?? null],
    );
  });
}
