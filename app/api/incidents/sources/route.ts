import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { queueSources } from "#lib/queries/queue-sources.ts";

/** The names by which the queue is narrowed to sources. */
export const GET = defineRoute({
  name: "incidents_sources",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run: async ({ db }) => ({ names: await queueSources(db) }),
});
