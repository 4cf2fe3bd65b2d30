import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { listDecisions } from "#lib/queries/list-decisions.ts";

export const GET = defineRoute({
  name: "incident_decisions",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => {
    const incident = await incidentOf(db, params.id);
    return { decisions: await listDecisions(db, incident.id) };
  },
});
