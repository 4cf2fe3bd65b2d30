import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";

export const GET = defineRoute({
  name: "incident_summaries",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => {
    const incident = await incidentOf(db, params.id);
    return { summaries: await listSummaries(db, incident.id) };
  },
});
