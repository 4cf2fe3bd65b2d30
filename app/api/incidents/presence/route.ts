import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { presentEverywhere } from "#lib/queries/list-presence.ts";

/** What others have open, for the marks of the queue. */
export const GET = defineRoute({
  name: "incidents_presence",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run: async ({ caller, db }) => ({
    open: caller.kind === "person" ? await presentEverywhere(db, caller.person.id) : [],
  }),
});
