import type { PgBoss } from "pg-boss";
import type { Db } from "#lib/db/prisma.ts";
import {
  SUMMARISE_QUEUE,
  SUMMARY_REQUESTED,
  summariseOptions,
  type IncidentJob,
} from "./queue-jobs.ts";

const BATCH = 500;
/** Rows that were relayed are kept this long for live updates to read, then go. */
const KEPT_MINUTES = 60;

/** What may let a queued run start: one more, another place in the queue, a model switched on. */
const ABOUT_RUNS = new Set(["run.queued", "run.changed", "model.changed", "evaluation.queued"]);

/** How many rows were taken, and whether one of them was about runs of a model, or about signed responses. */
export type Relayed = { rows: number; hasRuns: boolean; hasResponses: boolean };

type OutboxRow = { id: bigint; kind: string; incident_id: string | null };

/**
 * Takes up what commands left in the outbox, after their commit: new evidence or a request becomes a job. Sent
 * first and marked after, so a crash in between repeats a job, which does no harm.
 */
export async function relayOutbox(db: Db, queue: PgBoss): Promise<Relayed> {
  const rows = await db.$queryRaw<OutboxRow[]>`
    SELECT id, kind, incident_id FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT ${BATCH}::int`;
  if (rows.length === 0) return { rows: 0, hasRuns: false, hasResponses: false };
  for (const incidentId of incidentsToSummarise(rows)) {
    const job: IncidentJob = { incidentId };
    await queue.send(SUMMARISE_QUEUE, job, summariseOptions(incidentId));
  }
  await db.$executeRaw`UPDATE outbox SET relayed_at = now() WHERE id = ANY(${rows.map(({ id }) => id)}::bigint[])`;
  return {
    rows: rows.length,
    hasRuns: rows.some(({ kind }) => ABOUT_RUNS.has(kind)),
    hasResponses: rows.some(({ kind }) => kind === "response.planned"),
  };
}

/** Old hints are of no use to anyone; what happened stands on the trail. */
export async function dropOldHints(db: Db): Promise<void> {
  await db.$executeRaw`DELETE FROM outbox WHERE relayed_at < now() - make_interval(mins => ${KEPT_MINUTES}::int)`;
}

function incidentsToSummarise(rows: OutboxRow[]): Set<string> {
  const wanted = rows.filter(({ kind }) => kind === "evidence.added" || kind === SUMMARY_REQUESTED);
  return new Set(wanted.flatMap(({ incident_id: incidentId }) => incidentId ?? []));
}
