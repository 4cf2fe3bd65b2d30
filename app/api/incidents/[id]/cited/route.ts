import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { citedDigests } from "#lib/queries/cited-digests.ts";

/** What a printed incident says of the records that its claims cite. */
export const GET = defineRoute({
  name: "incident_cited",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }) => ({
    records: await citedDigests(db, (await incidentOf(db, params.id)).id),
  }),
});
