import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { queueCounts } from "#lib/queries/queue-counts.ts";

export const GET = defineRoute({
  name: "incidents_counts",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run: ({ caller, db }) => queueCounts(db, caller.kind === "person" ? caller.person.id : null),
});
