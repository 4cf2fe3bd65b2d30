import type { UnreadNotices } from "#lib/contracts/notices.ts";
import type { Db } from "#lib/db/prisma.ts";
import { IS_NEWS, NOTICES } from "./list-notices.ts";

/** The badge says 99+ from here on. */
const BADGE_MAX = 100;

/** How many notices are news to this person. */
export async function unreadNotices(db: Db, personId: string): Promise<UnreadNotices> {
  const rows = await db.$queryRaw<UnreadNotices[]>`
    SELECT count(*)::int AS unread FROM (SELECT FROM ${NOTICES}
      WHERE n.person_id = ${personId}::uuid AND n.read_at IS NULL AND ${IS_NEWS} LIMIT ${BADGE_MAX}::int) u`;
  return rows[0] ?? { unread: 0 };
}
