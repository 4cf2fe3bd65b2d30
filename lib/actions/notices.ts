"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { readNotice as read, readNotices as readAll } from "#lib/commands/read-notices.ts";
import { setNoticeWish as wish } from "#lib/commands/set-notice-wish.ts";
import { noticeWishInput, readNoticeInput, readNoticesInput } from "#lib/contracts/notices.ts";
import { by } from "./by.ts";

export const readNotice = defineAction({
  name: "notice_read",
  permission: "notice:read",
  input: readNoticeInput,
  run: ({ person, input, db }) => read(db, input.noticeId, by(person)),
});

export const readNotices = defineAction({
  name: "notices_read",
  permission: "notice:read",
  input: readNoticesInput,
  run: ({ person, input, db }) => readAll(db, input.upTo, by(person)),
});

export const setNoticeWish = defineAction({
  name: "notice_wish",
  permission: "notice:read",
  input: noticeWishInput,
  run: ({ person, input, db }) => wish(db, input, by(person)),
});
