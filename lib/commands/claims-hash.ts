import type { Tx } from "#lib/db/prisma.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";

type ClaimRow = { id: string; standing: string; text: string; review: string | null };

/** The hash of an incident about which nothing is claimed yet. */
export function emptyClaimsHash(): Buffer {
  return hashOf([]);
}

/**
 * What is claimed about the incident and what people said to it: the current rules and model summaries'
 * claims in order, each with its last review. sha256 over canonical JSON.
 */
export async function claimsHash(tx: Tx, incidentId: string): Promise<Buffer> {
  const rows = await tx.$queryRaw<ClaimRow[]>`
    SELECT c.id, c.standing, c.text,
           (SELECT r.id::text FROM claim_review r WHERE r.claim_id = c.id ORDER BY r.at DESC, r.id DESC LIMIT 1) AS review
    FROM (SELECT DISTINCT ON (origin) id, origin FROM summary
          WHERE incident_id = ${incidentId}::uuid ORDER BY origin, version DESC) s
    JOIN claim c ON c.summary_id = s.id
    ORDER BY s.origin, c.ordinal`;
  return hashOf(rows);
}

function hashOf(rows: ClaimRow[]): Buffer {
  const claims = rows.map(({ id, standing, text, review }) => ({
    id,
    review,
    standing,
    text: sha256(text).toString("hex"),
  }));
  return sha256(canonicalJson(claims));
}
