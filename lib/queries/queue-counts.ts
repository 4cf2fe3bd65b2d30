import type { QueueCounts } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";

/** Counting stops here: nobody reads the difference between ten thousand and a million. */
export const COUNT_MAX = 10_000;

/** The numbers beside the queue's views, in one statement; each is what its view lists. */
export async function queueCounts(db: Db, personId: string | null): Promise<QueueCounts> {
  const rows = await db.$queryRaw<QueueCounts[]>`
    SELECT
      (SELECT count(*)::int FROM (SELECT FROM incident WHERE assignee_id = ${personId}::uuid
         AND status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) a) AS mine,
      (SELECT count(*)::int FROM (SELECT FROM incident WHERE assignee_id IS NULL
         AND status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) b) AS unassigned,
      (SELECT count(DISTINCT incident_id)::int FROM decision
         WHERE state = 'proposed' AND expires_at > now()) AS waiting,
      (SELECT count(*)::int FROM (SELECT FROM incident
         WHERE status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) c) AS all,
      (SELECT count(*)::int FROM (SELECT FROM incident
         WHERE status = 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) d) AS closed,
      (SELECT count(*)::int FROM automatic_act
         WHERE action = 'isolate_host' AND decided_at > now() - interval '24 hours') AS isolated`;
  return rows[0] ?? { mine: 0, unassigned: 0, waiting: 0, all: 0, closed: 0, isolated: 0 };
}
