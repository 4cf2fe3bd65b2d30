import { defineRoute } from "#lib/boundary/define-route.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { incidentParams, threadRecordsQuery } from "#lib/contracts/queries.ts";
import { threadRecords, threadRecordsById } from "#lib/queries/thread-records.ts";

/** What lines of the thread say, of the records in view. */
export const GET = defineRoute({
  name: "incident_records",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  background: true,
  query: threadRecordsQuery,
  params: incidentParams,
  run: async ({ params, query, db }) => {
    const incident = await incidentOf(db, params.id);
    const records =
      "id" in query
        ? await threadRecordsById(db, incident.id, query.id)
        : await threadRecords(db, incident.id, query.positions);
    return { records };
  },
});
