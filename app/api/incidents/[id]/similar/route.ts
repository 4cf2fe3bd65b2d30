import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import type { SimilarView } from "#lib/contracts/similar-views.ts";
import { listMerges } from "#lib/queries/list-merges.ts";
import { similarIncidents } from "#lib/queries/similar-incidents.ts";

/** What resembles an incident, and what was merged into it. */
export const GET = defineRoute({
  name: "incident_similar",
  access: { kind: "reader", permission: "incident:read", scope: null },
  query: noQuery,
  params: incidentParams,
  run: async ({ params, db }): Promise<SimilarView> => {
    const incident = await incidentOf(db, params.id);
    const [found, merges] = await Promise.all([
      similarIncidents(db, incident.id),
      listMerges(db, incident.id),
    ]);
    return { ...found, merges };
  },
});
