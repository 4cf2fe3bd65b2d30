import { defineRoute } from "#lib/boundary/define-route.ts";
import { proofResponse } from "#lib/boundary/proof-response.ts";
import { entryParams, noQuery } from "#lib/contracts/queries.ts";
import { sealedProof, trailProof } from "#lib/queries/trail-proof.ts";

/**
 * The receipt of an entry: a C2SP tlog-proof that it is in the tree of the newest checkpoint. Hashes alone, nothing of what
 * the entry tells. Problems: `entry_not_found`, `entry_not_sealed` while no checkpoint covers it.
 */
export const GET = defineRoute({
  name: "trail_proof",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  query: noQuery,
  params: entryParams,
  run: async ({ params: { seq }, db }) =>
    proofResponse(seq, sealedProof(await trailProof(db, seq)).text),
});
