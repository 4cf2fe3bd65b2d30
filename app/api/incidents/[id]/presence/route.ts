import { defineRoute } from "#lib/boundary/define-route.ts";
import { fromOwnPage } from "#lib/boundary/own-page.ts";
import { beatPresence, endPresence } from "#lib/commands/beat-presence.ts";
import { presenceParams, presenceQuery } from "#lib/contracts/presence.ts";
import { presentAt } from "#lib/queries/list-presence.ts";

/** An open page of an incident says so, and is told who else has it open. */
export const POST = defineRoute({
  name: "incident_presence",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: presenceQuery,
  params: presenceParams,
  run: async ({ caller, query, params, request, db }) => {
    const personId = fromOwnPage(request, caller);
    const here = { incidentId: params.id, personId };
    if (query.leave) {
      await endPresence(db, here);
      return { others: [] };
    }
    await beatPresence(db, here);
    return { others: await presentAt(db, here) };
  },
});
