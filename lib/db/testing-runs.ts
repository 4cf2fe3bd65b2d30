import { randomUUID } from "node:crypto";
import { appendRunEvents, type NewRunEvent } from "#lib/commands/append-run-events.ts";
import { finishModelRun, type FinishModelRunInput } from "#lib/commands/finish-model-run.ts";
import { startModelRun, type StartedRun } from "#lib/commands/start-model-run.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";
import { TEST_WORKER, type ActivatedModel } from "./testing-copilot.ts";
import type { TestDatabase } from "./testing.ts";

/** The process that runs of tests belong to. */
export const RUN_WORKER = "test-worker";

export type QueuedForTest = {
  incidentId: string | null;
  model: Pick<ActivatedModel, "configId" | "prompts">;
  kind?: RunKind;
  askedBy?: string | null;
  question?: string | null;
  /** Columns set to something else, by SQL of the worker's login. */
  columns?: Record<string, unknown>;
};

/** Queues a run by plain SQL of the worker's login, and publishes its prompt if need be; returns its id. */
export async function queueRunForTest(db: TestDatabase, input: QueuedForTest): Promise<string> {
  const { incidentId, model, kind = "summary" } = input;
  const row: Record<string, unknown> = {
    id: randomUUID(),
    kind,
    incident_id: incidentId,
    config_id: model.configId,
    prompt_version_id: await promptFor(db, kind, model.prompts),
    asked_by: input.askedBy ?? null,
    question: input.question ?? (kind === "answer" ? "Who signed in?" : null),
    model: "set by trigger",
    state: "queued",
    idem: randomUUID(),
    incident_version: 1,
    evidence_root: Buffer.alloc(32),
    ...input.columns,
  };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await db.pools.worker.query(
    `insert into model_run (${names.join(", ")}) values (${places.join(", ")})`,
    Object.values(row),
  );
  return String(row["id"]);
}

async function promptFor(
  db: TestDatabase,
  kind: RunKind,
  prompts: ActivatedModel["prompts"],
): Promise<string | null> {
  const { rows } = await db.pools.worker.query(
    `with wanted as (select gate.prompt_of($1) as name, ($2::jsonb ->> gate.prompt_of($1))::int as version),
       added as (insert into prompt_version (id, name, version, text, sha256, reason)
         select gen_random_uuid(), name, version, 'Say it.', sha256('Say it.'::bytea), 'test' from wanted where version is not null
         on conflict do nothing returning id)
     select id from added union all select p.id from prompt_version p join wanted using (name, version)`,
    [kind, JSON.stringify(prompts)],
  );
  return rows[0]?.id ?? null;
}

/** Starts a queued run as a worker does, holding back so much money. */
export function startRunForTest(
  db: TestDatabase,
  input: { runId: string; reserveMicro?: number; worker?: string; request?: string },
): Promise<StartedRun> {
  const { runId, reserveMicro = 1_000, worker = RUN_WORKER, request = '{"model":"m"}' } = input;
  const nothing = { redactionSealed: null, redactions: {}, leftOut: null };
  const evidence = { evidenceRoot: Buffer.alloc(32), incidentVersion: 1n, evidenceCount: 1 };
  const secrets = { fence: "f".repeat(24), canary: "c".repeat(24) };
  return startModelRun(
    db.worker,
    { runId, worker, request, params: {}, reserveMicro, ...secrets, ...nothing, ...evidence },
    TEST_WORKER,
  );
}

/** Ends a run as a worker does; by default finished and whole, for nothing. */
export function finishRunForTest(
  db: TestDatabase,
  input: Partial<FinishModelRunInput> & { runId: string },
) {
  const whole: Omit<FinishModelRunInput, "runId"> = {
    worker: RUN_WORKER,
    state: "finished",
    response: "event: message_stop",
    stopReason: "end_turn",
    requestId: "req_1",
    usage: { input_tokens: 10, output_tokens: 5 },
    error: null,
    fault: null,
    costMicro: 0,
    modelAnswered: "m-1",
    latencyMs: 12,
    firstClaimMs: 5,
    canary: "kept",
    verifier: "2",
    isComplete: true,
    retry: null,
  };
  return finishModelRun(db.worker, { ...whole, ...input }, { kind: "model", id: "m-1" });
}

/** A notice as an event, for a run of tests. */
export function noticeForTest(db: TestDatabase, runId: string, sentence: string) {
  const event: NewRunEvent = { kind: "notice", data: { sentence } };
  return appendRunEvents(db.worker, { runId, worker: RUN_WORKER, events: [event] });
}
