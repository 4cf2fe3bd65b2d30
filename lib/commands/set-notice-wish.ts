import type { Db } from "#lib/db/prisma.ts";
import type { NoticeKind } from "#lib/domain/notice/notice.ts";
import type { Actor } from "./actor.ts";

export type NoticeWish = { kind: NoticeKind; byMail: boolean };

/** Says whether one wants a kind of notice by mail too, from now on. Not on the trail: it is about the reader. */
export async function setNoticeWish(db: Db, { kind, byMail }: NoticeWish, by: Actor) {
  await db.$executeRaw`
    INSERT INTO notice_wish (person_id, kind, by_mail) VALUES (${by.id}::uuid, ${kind}, ${byMail})
    ON CONFLICT (person_id, kind) DO UPDATE SET by_mail = excluded.by_mail`;
  return { kind, byMail };
}
