import type { Tx } from "#lib/db/prisma.ts";
import { claimsHash as hashClaims, type HashedClaim } from "#lib/domain/summary/claims-hash.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";

/** The hash of an incident about which nothing is claimed yet. */
export function emptyClaimsHash(): Buffer {
  return hashClaims([], { canonicalJson, sha256 });
}

/**
 * The hash of what is claimed about the incident now, by the standings in force, and of what people said to it; one
 * statement. A verification that moves a standing moves the hash, so what was proposed over the old one is stale.
 */
export async function claimsHash(tx: Tx, incidentId: string): Promise<Buffer> {
  const claims = await tx.$queryRaw<HashedClaim[]>`
    SELECT c.id::text, c.text, c.kind, c.standing,
           coalesce((SELECT jsonb_agg(jsonb_build_object('evidence', t.evidence_id, 'start', t.start, 'end', t."end", 'quote', t.quote)
                                      ORDER BY t.ordinal)
                     FROM citation t WHERE t.claim_id = c.id), '[]') AS citations,
           (SELECT jsonb_build_object('id', r.id, 'outcome', r.outcome)
            FROM claim_review r WHERE r.claim_id = c.id ORDER BY r.at DESC, r.id DESC LIMIT 1) AS review
    FROM (SELECT DISTINCT ON (origin) id, origin FROM summary
          WHERE incident_id = ${incidentId}::uuid ORDER BY origin, version DESC) s
    JOIN claim_in_force c ON c.summary_id = s.id
    ORDER BY s.origin, c.ordinal`;
  return hashClaims(claims, { canonicalJson, sha256 });
}
