import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, outlineQuery } from "#lib/contracts/queries.ts";
import { threadOutline } from "#lib/queries/thread-outline.ts";

/** What stands where in the thread under a filter, for a screen that scrolls all of it. */
export const GET = defineRoute({
  name: "incident_outline",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: outlineQuery,
  params: incidentParams,
  run: async ({ params, query, db }) => {
    const incident = await incidentOf(db, params.id);
    return threadOutline(db, { incidentId: incident.id, filter: query });
  },
});
