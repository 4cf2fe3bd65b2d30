import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, trailQuery } from "#lib/contracts/queries.ts";
import { listTrail } from "#lib/queries/list-trail.ts";

export const GET = defineRoute({
  name: "trail_list",
  access: { kind: "reader", permission: "trail:read", scope: null },
  query: trailQuery,
  params: noParams,
  run: ({ query, db }) => {
    const { cursor, limit, ...filter } = query;
    return listTrail(db, filter, cursor ?? null, limit);
  },
});
