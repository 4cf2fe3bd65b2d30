import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { Problem } from "#lib/domain/problem.ts";
import { unreadNotices } from "#lib/queries/unread-notices.ts";

export const GET = defineRoute({
  name: "notices_unread",
  access: { kind: "reader", permission: "notice:read", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run({ caller, db }) {
    if (caller.kind !== "person")
      throw new Problem("not_allowed", 403, "Only people have notices.");
    return unreadNotices(db, caller.person.id);
  },
});
