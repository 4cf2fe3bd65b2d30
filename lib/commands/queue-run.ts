import { uuidV7 } from "#lib/commands/ingest/uuid-v7.ts";
import type { Tx } from "#lib/db/prisma.ts";
import type { PromptSet } from "#lib/domain/copilot/profile.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";

/** What is known of a request to a model when it begins to wait; the rest is settled when it starts. */
export type QueuedRun = {
  kind: RunKind;
  incidentId: string | null;
  configId: string;
  promptVersionId: string | null;
  askedBy: string | null;
  question: string | null;
  repairOf: string | null;
  evaluationId: string | null;
  priority: number;
  /** It is not started before; 0: as soon as its turn comes. */
  waitMs?: number;
  /** The same request under the same key is queued once. */
  idem: string;
  incidentVersion: bigint;
  /** 32 bytes. */
  evidenceRoot: Uint8Array;
};

/** What is in force now: the model and the prompts that go with it. */
export type InForce = { configId: string; prompts: PromptSet };

export const RUN_QUEUED = "run.queued";
export const RUN_CHANGED = "run.changed";
const NO_ROOT = new Uint8Array(32);
const nextId = uuidV7();

/** A request about no incident: a probe or a case of an evaluation. */
export const ABOUT_NOTHING = {
  incidentId: null,
  incidentVersion: 0n,
  evidenceRoot: NO_ROOT,
} as const;

/** The model in force; null when it is switched off or none was ever switched on. */
export async function modelInForce(tx: Tx): Promise<InForce | null> {
  const rows = await tx.$queryRaw<InForce[]>`
    SELECT config_id AS "configId", prompts FROM model_in_force WHERE config_id IS NOT NULL`;
  return rows[0] ?? null;
}

/** The published prompt that a kind of request is asked with; null when it was not published here. */
export async function promptVersionFor(
  tx: Tx,
  kind: RunKind,
  prompts: PromptSet,
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM prompt_version
    WHERE name = gate.prompt_of(${kind}) AND version::text = ${JSON.stringify(prompts)}::jsonb ->> name`;
  return rows[0]?.id ?? null;
}

/** Queues a run and tells the worker after commit; null when the queue already holds it. */
export async function insertQueuedRun(tx: Tx, run: QueuedRun): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO model_run (id, kind, incident_id, config_id, prompt_version_id, asked_by, question, repair_of, evaluation_id,
      priority, idem, incident_version, evidence_root, model, state, not_before)
    SELECT ${nextId()}::uuid, ${run.kind}, ${run.incidentId}::uuid, ${run.configId}::uuid, ${run.promptVersionId}::uuid,
      ${run.askedBy}::uuid, ${run.question}, ${run.repairOf}::uuid, ${run.evaluationId}::uuid, ${run.priority}::int,
      ${run.idem}, ${run.incidentVersion}::bigint, ${new Uint8Array(run.evidenceRoot)}::bytea, c.model, 'queued',
      clock_timestamp() + make_interval(secs => ${(run.waitMs ?? 0) / 1000}::double precision)
    FROM model_config c WHERE c.id = ${run.configId}::uuid
    ON CONFLICT DO NOTHING RETURNING id`;
  const id = rows[0]?.id ?? null;
  if (id !== null) {
    await tx.outbox.create({
      data: { kind: RUN_QUEUED, incidentId: run.incidentId },
      select: { id: true },
    });
  }
  return id;
}

/** How many queued runs will be started before this one. */
export async function aheadOf(tx: Tx, runId: string): Promise<number> {
  const rows = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM model_run a, model_run b
    WHERE b.id = ${runId}::uuid AND b.state = 'queued' AND a.state = 'queued'
      AND (a.priority > b.priority OR (a.priority = b.priority AND (a.queued_at, a.id) < (b.queued_at, b.id)))`;
  return rows[0]?.count ?? 0;
}
