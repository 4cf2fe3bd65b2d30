import type { QueueCounts } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";

/** The numbers beside the queue's views, in one statement. */
export async function queueCounts(db: Db, personId: string | null): Promise<QueueCounts> {
  const rows = await db.$queryRaw<QueueCounts[]>`
    SELECT
      (SELECT count(*) FROM incident
       WHERE merged_into_id IS NULL AND status <> 'closed' AND assignee_id = ${personId}::uuid)::int AS mine,
      (SELECT count(*) FROM incident
       WHERE merged_into_id IS NULL AND status <> 'closed' AND assignee_id IS NULL)::int AS unassigned,
      (SELECT count(DISTINCT incident_id) FROM decision
       WHERE state = 'proposed' AND expires_at > now()
         AND proposer_id IS DISTINCT FROM ${personId}::uuid)::int AS waiting,
      (SELECT count(*) FROM incident WHERE merged_into_id IS NULL AND status <> 'closed')::int AS all,
      (SELECT count(*) FROM incident WHERE merged_into_id IS NULL AND status = 'closed')::int AS closed`;
  return rows[0]!;
}
