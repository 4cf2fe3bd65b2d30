import type { Db } from "#lib/db/prisma.ts";
import { NOTICE_KINDS, type NoticeKind } from "#lib/domain/notice/notice.ts";

/** Of each kind of notice, whether this person gets it by mail too. */
export async function noticeWishes(db: Db, personId: string): Promise<Record<NoticeKind, boolean>> {
  const rows = await db.$queryRaw<{ kind: NoticeKind; by_mail: boolean }[]>`
    SELECT k.kind, coalesce(w.by_mail, mailed_by_default(k.kind)) AS by_mail
    FROM unnest(${[...NOTICE_KINDS]}::text[]) AS k(kind)
    LEFT JOIN notice_wish w ON w.kind = k.kind AND w.person_id = ${personId}::uuid`;
  return Object.fromEntries(rows.map((row) => [row.kind, row.by_mail])) as Record<
    NoticeKind,
    boolean
  >;
}
