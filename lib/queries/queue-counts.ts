import { COUNT_MAX } from "#lib/contracts/views.ts";
import type { QueueCounts } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";

/** The badge says 99+ from here on. */
const BADGE_MAX = 100;

/**
 * The numbers beside the queue's views, in one statement; each is what its view lists, up to `COUNT_MAX`. Without a
 * person, what waits for anybody.
 */
export async function queueCounts(db: Db, personId: string | null): Promise<QueueCounts> {
  const rows = await db.$queryRaw<QueueCounts[]>`
    WITH open AS MATERIALIZED (
      SELECT d.id, d.incident_id FROM decision d WHERE d.state = 'proposed' AND d.expires_at > now()
      ORDER BY d.expires_at, d.id LIMIT ${COUNT_MAX}::int),
    mine AS MATERIALIZED (SELECT * FROM open WHERE gate.waits_for(id, ${personId}::uuid)),
    waiting AS (SELECT * FROM mine UNION ALL SELECT * FROM open WHERE ${personId}::uuid IS NULL)
    SELECT
      (SELECT count(*)::int FROM (SELECT FROM incident WHERE assignee_id = ${personId}::uuid
         AND status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) a) AS mine,
      (SELECT count(*)::int FROM (SELECT FROM incident WHERE assignee_id IS NULL
         AND status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) b) AS unassigned,
      (SELECT count(*)::int FROM (SELECT incident_id FROM waiting
         UNION SELECT m.incident_id FROM decision_incident m JOIN waiting w ON w.id = m.decision_id) w) AS waiting,
      (SELECT count(*)::int FROM (SELECT FROM mine LIMIT ${BADGE_MAX}::int) e) AS "toSign",
      (SELECT count(*)::int FROM (SELECT FROM incident
         WHERE status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) c) AS all,
      (SELECT count(*)::int FROM (SELECT FROM incident
         WHERE status = 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) d) AS closed,
      (SELECT count(*)::int FROM automatic_act
         WHERE action = 'isolate_host' AND decided_at > now() - interval '24 hours') AS isolated`;
  return (
    rows[0] ?? {
      mine: 0,
      unassigned: 0,
      waiting: 0,
      toSign: 0,
      all: 0,
      closed: 0,
      isolated: 0,
    }
  );
}
