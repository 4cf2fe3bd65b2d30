import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { readIncidentPage } from "#lib/queries/read-incident-page.ts";

/** What an incident's screen shows beside the thread, for a screen that keeps itself up to date. */
export const GET = defineRoute({
  name: "incident_page",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => readIncidentPage(db, await incidentOf(db, params.id)),
});
