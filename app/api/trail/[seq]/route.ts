import { defineRoute } from "#lib/boundary/define-route.ts";
import { entryParams, noQuery } from "#lib/contracts/queries.ts";
import { Problem } from "#lib/domain/problem.ts";
import { findEntry } from "#lib/queries/list-trail.ts";

/** An entry in full: its exact line, its leaf, its payload. Problem `entry_not_found`. */
export const GET = defineRoute({
  name: "trail_entry",
  access: { kind: "reader", permission: "trail:read", scope: null },
  query: noQuery,
  params: entryParams,
  run: async ({ params: { seq }, db }) => {
    const entry = await findEntry(db, seq);
    if (!entry) throw new Problem("entry_not_found", 404, "There is no such entry on the trail.");
    return entry;
  },
});
