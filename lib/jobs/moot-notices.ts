import type { Db } from "#lib/db/prisma.ts";
import { IS_OVER, NOTICES } from "#lib/queries/list-notices.ts";

const AT_ONCE = 1_000;

/**
 * Puts away notices of what waits for nothing any more, so that what is unread stays as short as what is news.
 * Here and not with what ended it: no signature waits for somebody who is reading. Returns how many.
 */
export function putAwayMootNotices(db: Db): Promise<number> {
  return db.$executeRaw`
    UPDATE notice SET read_at = clock_timestamp() WHERE (event_id, person_id) IN (
      SELECT n.event_id, n.person_id FROM ${NOTICES}
      WHERE n.read_at IS NULL AND ${IS_OVER}
      LIMIT ${AT_ONCE}::int FOR UPDATE OF n SKIP LOCKED)`;
}
