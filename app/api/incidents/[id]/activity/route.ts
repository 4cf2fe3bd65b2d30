import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { incidentActivity } from "#lib/queries/incident-activity.ts";

/** The histogram above the thread: records per slice of time, alerts apart. */
export const GET = defineRoute({
  name: "incident_activity",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => {
    const incident = await incidentOf(db, params.id);
    return incidentActivity(db, incident);
  },
});
