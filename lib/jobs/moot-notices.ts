import type { Db } from "#lib/db/prisma.ts";

const AT_ONCE = 1_000;

/**
 * Puts away notices of decisions that wait for nobody any more, so that what is unread stays as short as what is news.
 * Here and not with the decision: no signature waits for somebody who is reading. Returns how many.
 */
export function putAwayMootNotices(db: Db): Promise<number> {
  return db.$executeRaw`
    UPDATE notice SET read_at = clock_timestamp() WHERE (event_id, person_id) IN (
      SELECT n.event_id, n.person_id FROM notice n JOIN notice_event e ON e.id = n.event_id JOIN decision d ON d.id = e.decision_id
      WHERE n.read_at IS NULL AND e.kind = 'decision.waiting' AND d.state <> 'proposed'
      LIMIT ${AT_ONCE}::int FOR UPDATE OF n SKIP LOCKED)`;
}
