import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import type { SavedViews } from "#lib/contracts/saved-views.ts";
import { listSavedViews } from "#lib/queries/list-saved-views.ts";

const NONE: SavedViews = { views: [], first: null, tourEnded: true };

/** The views of the queue that the reader keeps or is shown. A machine keeps none. */
export const GET = defineRoute({
  name: "incidents_views",
  access: { kind: "reader", permission: "incident:read", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run: ({ caller, db }) =>
    caller.kind === "person" ? listSavedViews(db, caller.person.id) : Promise.resolve(NONE),
});
