import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, threadQuery } from "#lib/contracts/queries.ts";
import { listThread, threadAround } from "#lib/queries/list-thread.ts";

export const GET = defineRoute({
  name: "incident_thread",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: threadQuery,
  params: incidentParams,
  run: async ({ params, query, db }) => {
    const incident = await incidentOf(db, params.id);
    const { cursor, limit, around, before, ...filter } = query;
    if (around) return threadAround(db, incident.id, filter, around, limit);
    return listThread(
      db,
      incident.id,
      filter,
      { after: cursor ?? null, before: before ?? null },
      limit,
    );
  },
});
