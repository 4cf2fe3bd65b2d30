import { defineRoute } from "#lib/boundary/define-route.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";
import { sealState } from "#lib/queries/seal-state.ts";

/** How much of the trail is under a signed checkpoint. */
export const GET = defineRoute({
  name: "seal_read",
  access: { kind: "reader", permission: "session:end", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run: ({ db }) => sealState(db),
});
