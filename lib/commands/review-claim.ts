import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { claimsHash } from "./claims-hash.ts";
import { announce, lockIncident } from "./lock-incident.ts";

export type ReviewClaim =
  | { claimId: string; outcome: "accepted" }
  | { claimId: string; outcome: "disputed"; reason: string }
  | { claimId: string; outcome: "corrected"; reason: string; replacement: string };

type ClaimRow = {
  incident_id: string;
  summary_id: string;
  origin: string;
  version: number;
  current: boolean;
  text: string;
  standing: string;
};

/**
 * A person's word on a claim: a new row beside the earlier ones. Changes the incident's claims hash, so
 * that a decision proposed on the claims as they were goes stale.
 */
export async function reviewClaim(db: Db, input: ReviewClaim, by: Actor): Promise<{ id: string }> {
  const { reason, replacement } = wordsOf(input);
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, (await findClaim(tx, input.claimId)).incident_id);
    // With the lock held: a newer summary or a later verifier may have come while this waited for it.
    const claim = await findClaim(tx, input.claimId);
    if (!claim.current) {
      throw new Problem(
        "claim_superseded",
        409,
        "There is a newer summary; review the claim there.",
      );
    }
    const review = await tx.claimReview.create({
      data: {
        claimId: input.claimId,
        incidentId: incident.id,
        personId: by.id,
        outcome: input.outcome,
        reason,
        replacement,
      },
      select: { id: true },
    });
    const hash = await claimsHash(tx, incident.id);
    await tx.$executeRaw`
      UPDATE incident SET claims_hash = ${hash}::bytea, last_activity_at = now() WHERE id = ${incident.id}::uuid`;
    await announce(tx, incident.id);
    const payload = {
      claim: input.claimId,
      summary: claim.summary_id,
      origin: claim.origin,
      summaryVersion: claim.version,
      outcome: input.outcome,
      standing: claim.standing,
      text: claim.text,
      reason,
      replacement,
    };
    await appendTrail(tx, {
      kind: "claim.reviewed",
      actor: actorText(by),
      incidentId: incident.id,
      payload,
    });
    return review;
  });
}

function wordsOf(input: ReviewClaim): { reason: string | null; replacement: string | null } {
  const reason = "reason" in input ? storableText(input.reason).trim() : null;
  const replacement = "replacement" in input ? storableText(input.replacement).trim() : null;
  if (reason === "") throw new Problem("reason_missing", 422, "Say why.");
  if (replacement === "")
    throw new Problem("replacement_missing", 422, "Write what it should say.");
  return { reason, replacement };
}

async function findClaim(tx: Tx, claimId: string): Promise<ClaimRow> {
  const rows = await tx.$queryRaw<ClaimRow[]>`
    SELECT s.incident_id, s.id AS summary_id, s.origin, s.version, c.text, c.standing,
           s.version = (SELECT max(n.version) FROM summary n
                        WHERE n.incident_id = s.incident_id AND n.origin = s.origin) AS current
    FROM claim_in_force c JOIN summary s ON s.id = c.summary_id WHERE c.id = ${claimId}::uuid`;
  const row = rows[0];
  if (!row) throw new Problem("claim_not_found", 404, "There is no such claim.");
  return row;
}
