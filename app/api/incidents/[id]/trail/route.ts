import { streamLines } from "#lib/boundary/stream-lines.ts";
import { defineRoute } from "#lib/boundary/define-route.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { recordExport } from "#lib/commands/record-export.ts";
import { incidentParams, noQuery } from "#lib/contracts/queries.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";

/** The trail of one incident as JSONL; `npm run verify -- FILE` checks it. The export is an entry itself. */
export const GET = defineRoute({
  name: "incident_trail",
  access: { kind: "reader", permission: "trail:export", scope: "incidents:read" },
  query: noQuery,
  params: incidentParams,
  run: async ({ caller, params, db }) => {
    const incident = await incidentOf(db, params.id);
    const by = readerActor(caller);
    await recordExport(db, { incidentId: incident.id, format: "jsonl" }, by);
    return streamLines(exportTrail(db, { incidentId: incident.id }), {
      fileName: `trail-${incident.number}.jsonl`,
      contentType: "application/x-ndjson",
    });
  },
});
