import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { listObservables } from "#lib/queries/list-observables.ts";

export const GET = defineRoute({
  name: "incident_observables",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => {
    const incident = await incidentOf(db, params.id);
    return { observables: await listObservables(db, incident.id) };
  },
});
