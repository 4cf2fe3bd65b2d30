import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";

/** Tasks, hand-over and watch of an incident, for a screen that keeps itself up to date. */
export const GET = defineRoute({
  name: "incident_work",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ caller, params, db }) => {
    const { id } = await incidentOf(db, params.id);
    return readIncidentWork(db, id, caller.kind === "person" ? caller.person.id : null);
  },
});
