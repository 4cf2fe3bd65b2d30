import { bodyRecords } from "#lib/boundary/body-records.ts";
import { defineRoute, jsonResponse } from "#lib/boundary/define-route.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { ingestQuery, noParams } from "#lib/contracts/queries.ts";

/**
 * Alerts and events in: a JSON object, a JSON array or NDJSON of any length, gzip or plain.
 * 202 with what became of each record; a bad record is refused by index, the good ones go in.
 */
export const POST = defineRoute({
  name: "alerts_post",
  access: { kind: "source" },
  query: ingestQuery,
  params: noParams,
  run: async ({ caller, query, request, db }) => {
    const records = await bodyRecords(request);
    const result = await ingestRecords(db, {
      source: { id: caller.id, name: caller.name },
      format: caller.format,
      incidentKey: query.incident ?? null,
      records,
      normalise,
    });
    return jsonResponse(result, 202);
  },
});
