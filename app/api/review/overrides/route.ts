import { defineRoute } from "#lib/boundary/define-route.ts";
import { streamLines } from "#lib/boundary/stream-lines.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { recordTable } from "#lib/commands/record-table.ts";
import { overridesFileQuery } from "#lib/contracts/override-inputs.ts";
import { noParams } from "#lib/contracts/queries.ts";
import { exportOverrides, exportOverridesTable } from "#lib/queries/review/export-overrides.ts";

/** The overrides that a filter finds, as JSONL or as a table, 50,000 at most. The export is an entry on the trail. */
export const GET = defineRoute({
  name: "review_overrides",
  access: { kind: "reader", permission: "review:read", scope: null },
  query: overridesFileQuery,
  params: noParams,
  run: async ({ caller, query, db }) => {
    const { format, ...filter } = query;
    await recordTable(db, { of: "overrides", format, filter }, readerActor(caller));
    return format === "csv"
      ? streamLines(exportOverridesTable(db, filter), {
          fileName: "overrides.csv",
          contentType: "text/csv; charset=utf-8",
        })
      : streamLines(exportOverrides(db, filter), {
          fileName: "overrides.jsonl",
          contentType: "application/x-ndjson",
        });
  },
});
