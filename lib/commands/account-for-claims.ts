import type { Tx } from "#lib/db/prisma.ts";
import { worstStanding, type Standing } from "#lib/domain/summary/claim.ts";
import { claimsHash } from "./claims-hash.ts";

/**
 * Brings an incident's own account of its claims up to date: their hash, the worst standing in force and the oldest
 * verifier that gave one. The incident is locked by the caller; its version steps by trigger when the hash moved.
 * Returns the hash.
 */
export async function accountForClaims(tx: Tx, incidentId: string): Promise<Buffer> {
  const { worst, verifier } = await standingsOf(tx, incidentId);
  const hash = await claimsHash(tx, incidentId);
  await tx.$executeRaw`
    UPDATE incident SET claims_hash = ${hash}::bytea, summary_standing = ${worst}, summary_verifier = ${verifier}::int
    WHERE id = ${incidentId}::uuid`;
  return hash;
}

/** The same where records came or went: which verifier judged the claims is as it was, how they stand is not. */
export async function accountForStandings(tx: Tx, incidentId: string): Promise<void> {
  const { worst } = await standingsOf(tx, incidentId);
  if (worst === null) return;
  const hash = await claimsHash(tx, incidentId);
  await tx.$executeRaw`
    UPDATE incident SET claims_hash = ${hash}::bytea, summary_standing = ${worst}
    WHERE id = ${incidentId}::uuid`;
}

async function standingsOf(
  tx: Tx,
  incidentId: string,
): Promise<{ worst: Standing | null; verifier: number | null }> {
  const rows = await tx.$queryRaw<{ standing: Standing; verifier: number }[]>`
    SELECT c.standing, min(c.verifier::int) AS verifier
    FROM (SELECT DISTINCT ON (origin) id FROM summary
          WHERE incident_id = ${incidentId}::uuid ORDER BY origin, version DESC) s
    JOIN claim_in_force c ON c.summary_id = s.id
    GROUP BY c.standing`;
  const worst = worstStanding(rows.map(({ standing }) => standing));
  const verifier = rows.length === 0 ? null : Math.min(...rows.map((row) => row.verifier));
  return { worst, verifier };
}
