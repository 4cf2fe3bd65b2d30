import { defineRoute } from "#lib/boundary/define-route.ts";
import { hintStream } from "#lib/boundary/hint-stream.ts";
import { noParams, noQuery } from "#lib/contracts/queries.ts";

export const dynamic = "force-dynamic";

/** Live updates (server-sent events): ids of what changed. A stream lives ten minutes at most. */
export const GET = defineRoute({
  name: "stream",
  access: { kind: "reader", permission: "session:end", scope: null },
  background: true,
  query: noQuery,
  params: noParams,
  run: async ({ caller, request }) => hintStream(request.signal, caller),
});
