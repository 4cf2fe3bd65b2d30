/** Notices: what people send about them, and what screens are given. */
import { z } from "zod";
import "./no-eval.ts";
import { NOTICE_KINDS } from "#lib/domain/notice/notice.ts";
import type { Noticed } from "#lib/domain/notice/sentence.ts";

/** Times ISO 8601 UTC. */
export type NoticeView = {
  id: string;
  at: string;
  noticed: Noticed;
  /** Where one goes from it. */
  path: string;
  /** Nothing is left to do or to read. */
  isNews: boolean;
};
export type NoticePage = { notices: NoticeView[]; nextCursor: string | null };

/** How many are news; counting stops at a hundred. */
export type UnreadNotices = { unread: number };

export const noticesQuery = z.object({ cursor: z.string().max(500).optional().catch(undefined) });

export const readNoticeInput = z.strictObject({ noticeId: z.uuid() });
/** All up to the newest that was shown. */
export const readNoticesInput = z.strictObject({ upTo: z.uuid() });

export const noticeWishInput = z.strictObject({ kind: z.enum(NOTICE_KINDS), byMail: z.boolean() });
