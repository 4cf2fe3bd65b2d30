import { defineRoute } from "#lib/boundary/define-route.ts";
import { entryParams, noQuery } from "#lib/contracts/queries.ts";
import { Problem } from "#lib/domain/problem.ts";
import { trailProof } from "#lib/queries/trail-proof.ts";

/**
 * The receipt of an entry: a C2SP tlog-proof that it is in the tree of the newest checkpoint. Hashes alone, nothing of what
 * the entry tells. Problems: `entry_not_found`, `entry_not_sealed` while no checkpoint covers it.
 */
export const GET = defineRoute({
  name: "trail_proof",
  access: { kind: "reader", permission: "incident:read", scope: "incidents:read" },
  query: noQuery,
  params: entryParams,
  run: async ({ params, db }) => {
    const proof = await trailProof(db, params.seq);
    if (proof.state === "missing")
      throw new Problem("entry_not_found", 404, "There is no such entry on the trail.");
    if (proof.state === "pending") {
      throw new Problem(
        "entry_not_sealed",
        409,
        "No checkpoint covers this entry yet; ask again in a minute.",
      );
    }
    return new Response(proof.text, {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-disposition": `attachment; filename="entry-${params.seq}.tlog-proof"`,
        "cache-control": "private, no-store",
      },
    });
  },
});
