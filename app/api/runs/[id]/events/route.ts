import { defineRoute } from "#lib/boundary/define-route.ts";
import { lastEventId } from "#lib/boundary/last-event-id.ts";
import { runStream } from "#lib/boundary/run-stream.ts";
import { runEventsQuery, runParams } from "#lib/contracts/queries.ts";

export const dynamic = "force-dynamic";

/**
 * What a run said so far and says from now on (server-sent events; `id` is the event's place). Goes on after
 * `Last-Event-ID` or `?after=`, whichever is further. Who may read the run is decided where its events are read.
 */
export const GET = defineRoute({
  name: "run_events",
  access: { kind: "reader", permission: "session:end", scope: null },
  background: true,
  query: runEventsQuery,
  params: runParams,
  run: async ({ caller, params, query, request, db }) => {
    const after = Math.max(query.after, lastEventId(request.headers.get("last-event-id")));
    return runStream(db, caller, { runId: params.id, after, signal: request.signal });
  },
});
