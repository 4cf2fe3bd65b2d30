import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, trailQuery } from "#lib/contracts/queries.ts";
import { listTrailRows } from "#lib/queries/list-trail.ts";
import { kindsAsked } from "#lib/contracts/trail-kinds.ts";

export const GET = defineRoute({
  name: "trail_list",
  access: { kind: "reader", permission: "trail:read", scope: null },
  query: trailQuery,
  params: noParams,
  run: ({ query, db }) => {
    const { cursor, limit, kind, ...filter } = query;
    return listTrailRows(db, { ...filter, kinds: kindsAsked(kind ?? "") }, cursor ?? null, limit);
  },
});
