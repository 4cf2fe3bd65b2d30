import { defineRoute } from "#lib/boundary/define-route.ts";
import { begun, streamLines } from "#lib/boundary/stream-lines.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { recordTable } from "#lib/commands/record-table.ts";
import { noParams, queueTableQuery } from "#lib/contracts/queries.ts";
import { exportQueue } from "#lib/queries/export-queue.ts";

/** A view of the queue as a table, as it stands; that it was taken away is an entry of the trail. */
export const GET = defineRoute({
  name: "incidents_table",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  query: queueTableQuery,
  params: noParams,
  run: async ({ caller, query, db }) => {
    const personId = caller.kind === "person" ? caller.person.id : null;
    const { view = "all", q = "", sort = "activity" } = query;
    const lines = await begun(exportQueue(db, { view, q, sort, personId }));
    await recordTable(
      db,
      { of: "queue", format: "csv", view, filter: q, sort },
      readerActor(caller),
    );
    return streamLines(lines, {
      fileName: `incidents-${view}.csv`,
      contentType: "text/csv; charset=utf-8",
    });
  },
});
