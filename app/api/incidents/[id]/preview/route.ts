import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { previewIncident } from "#lib/queries/preview-incident.ts";

/** What the pane beside the queue shows of an incident. */
export const GET = defineRoute({
  name: "incident_preview",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => previewIncident(db, await incidentOf(db, params.id)),
});
