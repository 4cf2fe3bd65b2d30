import { defineRoute } from "#lib/boundary/define-route.ts";
import { noQuery } from "#lib/contracts/queries.ts";
import { responseParams } from "#lib/contracts/responder-inputs.ts";
import { Problem } from "#lib/domain/problem.ts";
import { findToldResponse } from "#lib/queries/find-told-response.ts";

/** What a webhook told of by ids, for its receiver alone: the action, its target and whose decision it is. */
export const GET = defineRoute({
  name: "response_read",
  access: { kind: "responder", of: "webhook" },
  background: true,
  query: noQuery,
  params: responseParams,
  run: async ({ caller, params, db }) => {
    const told = await findToldResponse(db, { runId: params.id, responder: caller.name });
    if (!told) throw new Problem("not_found", 404, "There is no such response.");
    return told;
  },
});
