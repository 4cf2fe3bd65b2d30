import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { splitChoices } from "#lib/queries/split-choices.ts";

/** What may be chosen of an incident to go to one of its own. */
export const GET = defineRoute({
  name: "incident_split_choices",
  access: { kind: "reader", permission: "incident:read", scope: null },
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => splitChoices(db, (await incidentOf(db, params.id)).id),
});
