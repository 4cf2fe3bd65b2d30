import type { Tx } from "#lib/db/prisma.ts";
import { RUN_QUEUED } from "./queue-run.ts";
import { uuidV7 } from "./ingest/uuid-v7.ts";

export type Retry = {
  /** After so many seconds; null: after a pause that grows with each attempt. */
  afterSeconds: number | null;
  /** How often the same is asked, the first time included; `ATTEMPTS_MAX` when left out. */
  attemptsMax?: number;
};

const ATTEMPTS_MAX = 4;
const FIRST_PAUSE_SECONDS = 5;
const PAUSE_GROWS_BY = 3;

const nextId = uuidV7();

/**
 * Queues the next attempt of a run that has just ended, and gives its id; null when it was asked often enough, when
 * who asked has left, or when the same waits already. While the breaker is open nothing but it says when to try, so
 * such an attempt does not count.
 */
export async function queueNextAttempt(
  tx: Tx,
  input: Retry & { runId: string; breaker: string | null },
): Promise<string | null> {
  const { runId, breaker, afterSeconds, attemptsMax = ATTEMPTS_MAX } = input;
  const before = await tx.modelRun.findUniqueOrThrow({
    where: { id: runId },
    select: { attempt: true, kind: true, incidentId: true },
  });
  const attempt = before.attempt + (breaker === "open" ? 0 : 1);
  if (attempt > attemptsMax) return null;
  const seconds = afterSeconds ?? pauseSeconds(before.attempt);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO model_run (id, kind, incident_id, config_id, prompt_version_id, asked_by, question, repair_of, evaluation_id, priority,
      idem, incident_version, evidence_root, model, state, attempt, not_before)
    SELECT ${nextId()}::uuid, r.kind, r.incident_id, r.config_id, r.prompt_version_id, r.asked_by, r.question, r.repair_of, r.evaluation_id,
      r.priority, 'after:' || r.id, r.incident_version, r.evidence_root, r.model, 'queued', ${attempt}::int,
      clock_timestamp() + make_interval(secs => ${seconds}::double precision)
    FROM model_run r
    WHERE r.id = ${runId}::uuid AND (r.asked_by IS NULL OR EXISTS (
      SELECT FROM person p WHERE p.id = r.asked_by AND p.active AND p.human
        AND (p.role IN ('analyst', 'lead') OR (r.kind = 'probe' AND p.role = 'admin'))))
    ON CONFLICT DO NOTHING RETURNING id`;
  const id = rows[0]?.id ?? null;
  if (id !== null) {
    await tx.outbox.create({ data: { kind: RUN_QUEUED, incidentId: before.incidentId } });
  }
  return id;
}

/** 5 s, 15 s, 45 s, give or take a fifth, so that runs that failed together do not come back together. */
function pauseSeconds(attempt: number): number {
  const pause = FIRST_PAUSE_SECONDS * PAUSE_GROWS_BY ** (attempt - 1);
  return pause * (0.8 + 0.4 * Math.random());
}
