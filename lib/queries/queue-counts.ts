import type { QueueCounts } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";

/** Counting stops here: nobody reads the difference between ten thousand and a million. */
export const COUNT_MAX = 10_000;

/** The badge says 99+ from here on. */
const BADGE_MAX = 100;

/** The numbers beside the queue's views, in one statement; each is what its view lists. */
export async function queueCounts(db: Db, personId: string | null): Promise<QueueCounts> {
  const rows = await db.$queryRaw<QueueCounts[]>`
    SELECT
      (SELECT count(*)::int FROM (SELECT FROM incident WHERE assignee_id = ${personId}::uuid
         AND status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) a) AS mine,
      (SELECT count(*)::int FROM (SELECT FROM incident WHERE assignee_id IS NULL
         AND status <> 'closed' AND merged_into_id IS NULL LIMIT ${COUNT_MAX}::int) b) AS unassigned,
      (SELECT count(*)::int FROM (SELECT incident_id FROM decision WHERE state = 'proposed' AND expires_at > now()
         UNION SELECT m.incident_id FROM decision_incident m JOIN decision d ON d.id = m.decision_id
         WHERE d.state = 'proposed' AND d.expires_at > now()) w) AS waiting,
      (SELECT count(*)::int FROM (SELECT FROM decision WHERE state = 'proposed' AND expires_at > now()
         AND gate.waits_for(id, ${personId}::uuid) LIMIT ${BADGE_MAX}::int) e) AS "toSign",
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
