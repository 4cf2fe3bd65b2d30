import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, pictureQuery } from "#lib/contracts/queries.ts";
import { pictureAttack } from "#lib/queries/picture-attack.ts";
import { pictureGraph } from "#lib/queries/picture-graph.ts";
import { pictureProcesses } from "#lib/queries/picture-processes.ts";

const READERS = { graph: pictureGraph, processes: pictureProcesses, attack: pictureAttack };

/** What one picture of an incident is drawn from. */
export const GET = defineRoute({
  name: "incident_pictures",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  query: pictureQuery,
  params: incidentParams,
  run: async ({ params, query, db }) => {
    const incident = await incidentOf(db, params.id);
    return READERS[query.of](db, incident.id);
  },
});
