import { streamLines } from "#lib/boundary/stream-lines.ts";
import { defineRoute } from "#lib/boundary/define-route.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { incidentOf } from "#lib/boundary/incident-of.ts";
import { recordExport } from "#lib/commands/record-export.ts";
import { incidentParams, trailFileQuery } from "#lib/contracts/queries.ts";
import { exportTable, exportTrail } from "#lib/queries/export-trail.ts";

/**
 * The trail of one incident as JSONL, which `npm run verify -- FILE` checks, or as a table. The export is an entry itself.
 */
export const GET = defineRoute({
  name: "incident_trail",
  access: { kind: "reader", permission: "trail:export", scope: "incidents:read" },
  query: trailFileQuery,
  params: incidentParams,
  run: async ({ caller, params, query, db }) => {
    const incident = await incidentOf(db, params.id);
    const by = readerActor(caller);
    await recordExport(db, { incidentId: incident.id, format: query.format }, by);
    const of = { incidentId: incident.id };
    return query.format === "csv"
      ? streamLines(exportTable(db, of), {
          fileName: `trail-${incident.number}.csv`,
          contentType: "text/csv; charset=utf-8",
        })
      : streamLines(exportTrail(db, of), {
          fileName: `trail-${incident.number}.jsonl`,
          contentType: "application/x-ndjson",
        });
  },
});
