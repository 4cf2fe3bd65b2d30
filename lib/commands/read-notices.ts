import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";

/** Marks one of one's own notices as read. Not on the trail: it is about the reader. Throws Problem `notice_not_found`. */
export async function readNotice(db: Db, noticeId: string, by: Actor): Promise<{ read: number }> {
  await findOwn(db, noticeId, by);
  const read = await db.$executeRaw`
    UPDATE notice SET read_at = clock_timestamp()
    WHERE person_id = ${by.id}::uuid AND event_id = ${noticeId}::uuid AND read_at IS NULL`;
  return { read };
}

/** Marks one's own notices as read, up to the newest that was shown. Throws Problem `notice_not_found`. */
export async function readNotices(db: Db, upTo: string, by: Actor): Promise<{ read: number }> {
  await findOwn(db, upTo, by);
  const read = await db.$executeRaw`
    UPDATE notice SET read_at = clock_timestamp() WHERE person_id = ${by.id}::uuid AND read_at IS NULL
      AND (at, event_id) <= (SELECT at, event_id FROM notice WHERE person_id = ${by.id}::uuid AND event_id = ${upTo}::uuid)`;
  return { read };
}

async function findOwn(db: Db, eventId: string, by: Actor): Promise<void> {
  if ((await db.notice.count({ where: { personId: by.id, eventId } })) === 0)
    throw new Problem("notice_not_found", 404, "There is no such notice of yours.");
}
