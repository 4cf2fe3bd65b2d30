import { defineRoute } from "#lib/boundary/define-route.ts";
import { proofResponse } from "#lib/boundary/proof-response.ts";
import { readerActor } from "#lib/commands/actor.ts";
import { recordExport } from "#lib/commands/record-export.ts";
import { entryParams, noQuery } from "#lib/contracts/queries.ts";
import { sealedProof, trailProof } from "#lib/queries/trail-proof.ts";

/**
 * The same proof with the entry's line in it, which `npm run verify -- FILE` checks with the log's key alone; not its
 * payload. For people who may take the trail away; the download is an entry itself.
 */
export const GET = defineRoute({
  name: "trail_proof_with_line",
  access: { kind: "reader", permission: "trail:export", scope: null },
  query: noQuery,
  params: entryParams,
  run: async ({ caller, params: { seq }, db }) => {
    const { text, incidentId } = sealedProof(await trailProof(db, seq, { hasLine: true }));
    await recordExport(db, { incidentId, format: "proof", entry: seq }, readerActor(caller));
    return proofResponse(seq, text);
  },
});
