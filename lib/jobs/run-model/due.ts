import type { PgBoss } from "pg-boss";
import type { Db } from "#lib/db/prisma.ts";
import { RUN_PRIORITY } from "#lib/domain/copilot/run.ts";
import { MODEL_RUN_QUEUE, modelRunJob } from "../queue-jobs.ts";

const LOOKED_AT = 500;

type Waiting = {
  id: string;
  priority: number;
  config_id: string;
  waits_for: string | null;
  /** Why it cannot be sent, whoever else is; null when only room is missing. */
  because: string | null;
  /** Requests this model may be sent beside those under way. */
  room: number;
  /** How many of these are kept for people who wait. */
  kept: number;
};

/**
 * Looks at the queue as it stands in the table and hands out what may start now, first come by priority: the row is the
 * truth, and a job that was lost is sent again here. What has to wait is told for what. A model that takes several
 * requests keeps room for one of a person's, who should not wait for summaries that nobody waits for. Returns how many
 * were handed out.
 */
export async function handOutRuns(db: Db, queue: PgBoss): Promise<number> {
  const waiting = await readWaiting(db);
  const room = new Map(waiting.map(({ config_id: config, room: free }) => [config, free]));
  const due: Waiting[] = [];
  const told = new Map<string, string[]>();
  for (const run of waiting) {
    const free = room.get(run.config_id) ?? 0;
    const kept = run.priority >= RUN_PRIORITY.asked ? 0 : run.kept;
    const because = run.because ?? (free > kept ? null : NO_ROOM);
    if (because === null) {
      due.push(run);
      room.set(run.config_id, free - 1);
    } else if (because !== run.waits_for) told.set(because, [...(told.get(because) ?? []), run.id]);
  }
  // the same run has one job at most, so that sending it again does nothing
  if (due.length > 0) {
    await queue.insert(
      MODEL_RUN_QUEUE,
      due.map(({ id, priority }) => modelRunJob(id, priority)),
    );
  }
  for (const [sentence, ids] of told) {
    await db.$executeRaw`
      UPDATE model_run SET waits_for = ${sentence} WHERE id = ANY(${ids}::uuid[]) AND state = 'queued'`;
  }
  return due.length;
}

const NO_ROOM = "As many requests as the model takes are under way.";

/**
 * Evaluations have a job of their own, which starts their runs one by one. What a provider asked for when it turned one
 * request away holds for all of them.
 */
function readWaiting(db: Db): Promise<Waiting[]> {
  return db.$queryRaw<Waiting[]>`
    WITH waiting AS (
      SELECT r.id, r.kind, r.priority, r.queued_at, r.incident_id, r.waits_for, f.number,
        CASE WHEN r.kind = 'probe' THEN r.config_id ELSE coalesce(f.config_id, r.config_id) END AS config_id,
        r.kind <> 'probe' AND f.config_id IS NULL AS is_off
      FROM model_run r LEFT JOIN model_in_force f ON true
      WHERE r.state = 'queued' AND r.kind <> 'evaluation' AND r.not_before <= clock_timestamp()
      ORDER BY r.priority DESC, r.queued_at, r.id LIMIT ${LOOKED_AT}::int
    ), paused AS (
      SELECT DISTINCT next.config_id
      FROM model_run next JOIN model_run turned ON turned.id = substring(next.idem FROM '^after:(.+)$')::uuid
      WHERE next.state = 'queued' AND next.not_before > clock_timestamp() AND turned.fault = 'rate_limited'
    ), model AS MATERIALIZED (
      SELECT c.id,
        CASE
          WHEN b.state = 'open' AND b.retry_at > clock_timestamp() THEN 'The provider has trouble; nothing is sent for a while.'
          WHEN p.config_id IS NOT NULL THEN 'The provider asked for a pause.'
        END AS because,
        (CASE WHEN coalesce(b.state, 'closed') = 'closed' THEN (c.profile ->> 'concurrency')::numeric ELSE 1 END
          - (SELECT count(*) FROM model_run s WHERE s.config_id = c.id AND s.state = 'streaming'))::int AS room,
        CASE WHEN coalesce(b.state, 'closed') = 'closed' AND (c.profile ->> 'concurrency')::numeric > 1 THEN 1 ELSE 0 END AS kept
      FROM model_config c
      LEFT JOIN model_breaker b ON b.config_id = c.id
      LEFT JOIN paused p ON p.config_id = c.id
      WHERE c.id IN (SELECT config_id FROM waiting)
    )
    SELECT w.id, w.priority, w.config_id, w.waits_for, m.room, m.kept,
      CASE
        WHEN w.is_off AND w.number IS NULL THEN 'No model is switched on.'
        WHEN w.is_off THEN 'The model is switched off.'
        WHEN m.because IS NOT NULL THEN m.because
        WHEN w.kind IN ('summary', 'repair') AND EXISTS (SELECT FROM model_run s
          WHERE s.incident_id = w.incident_id AND s.state = 'streaming' AND s.kind IN ('summary', 'repair'))
          THEN 'Another summary of this incident is being written.'
      END AS because
    FROM waiting w JOIN model m ON m.id = w.config_id
    ORDER BY w.priority DESC, w.queued_at, w.id`;
}
