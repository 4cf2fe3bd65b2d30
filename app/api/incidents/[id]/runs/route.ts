import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { incidentRuns } from "#lib/queries/incident-runs.ts";

/** What is asked of the model about an incident and what came of it, for a screen that keeps itself up to date. */
export const GET = defineRoute({
  name: "incident_runs",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => incidentRuns(db, (await incidentOf(db, params.id)).id),
});
