import { uuidV7 } from "#lib/commands/ingest/uuid-v7.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { storableJson } from "#lib/domain/evidence/storable.ts";
import { worstStanding, type ClaimCheck, type Standing } from "#lib/domain/summary/claim.ts";
import { accountForClaims } from "./account-for-claims.ts";
import { actorText, type Actor } from "./actor.ts";
import { announce } from "./lock-incident.ts";

/** What a verifier said of a stored claim when it looked again. */
export type Verification = {
  claimId: string;
  standing: Standing;
  checks: ClaimCheck[];
  uncovered: [number, number][];
};

export type VerificationInput = {
  summaryId: string;
  incidentId: string;
  /** The version that judged: "2". */
  verifier: string;
  /** How many of the incident's records it read. */
  evidenceCount: number;
  verifications: Verification[];
};

export type Reverified = { claims: number; moved: number };

type Judged = { id: string; ordinal: number; standing: Standing; verifier: string };

/**
 * Stores what a later verifier says of a summary's claims: a row each, the incident's account of its claims and one
 * trail entry that lists what moved, or nothing. A claim that this verifier or a later one judged meanwhile is left
 * alone, so repeating it, or two workers at once, store each row once. No rows for an incident that was merged away.
 */
export async function recordVerification(
  db: Db,
  input: VerificationInput,
  by: Actor,
): Promise<Reverified> {
  return transact(db, by, async (tx) => {
    const before = await lockAndRead(tx, input);
    const news = input.verifications.flatMap((said) => {
      const claim = before.get(said.claimId);
      return claim ? [{ said, claim }] : [];
    });
    if (news.length === 0) return { claims: 0, moved: 0 };
    await storeRows(
      tx,
      news.map(({ said }) => said),
      input.verifier,
    );
    const hash = await accountForClaims(tx, input.incidentId);
    const moved = news
      .filter(({ said, claim }) => said.standing !== claim.standing)
      .toSorted((a, b) => a.claim.ordinal - b.claim.ordinal);
    const payload = {
      ...(await summaryWords(tx, input.summaryId)),
      verifier: input.verifier,
      evidenceCount: input.evidenceCount,
      claimCount: news.length,
      movedCount: moved.length,
      standing: worstStanding(news.map(({ said }) => said.standing)),
      moved: moved.map(({ said, claim: { id, standing, verifier } }) => ({
        claim: id,
        from: standing,
        fromVerifier: verifier,
        to: said.standing,
      })),
      claimsHash: hash.toString("hex"),
    };
    if (moved.length > 0) await announce(tx, input.incidentId);
    await appendTrail(tx, {
      kind: "summary.reverified",
      actor: actorText(by),
      incidentId: input.incidentId,
      payload,
    });
    return { claims: news.length, moved: moved.length };
  });
}

/** The summary's claims that an earlier verifier judged last, by id, with the incident locked. */
async function lockAndRead(
  tx: Tx,
  { incidentId, summaryId, verifier }: VerificationInput,
): Promise<Map<string, Judged>> {
  const stands = await tx.$queryRaw<unknown[]>`
    SELECT id FROM incident WHERE id = ${incidentId}::uuid AND merged_into_id IS NULL FOR UPDATE`;
  if (stands.length === 0) return new Map();
  const claims = await tx.$queryRaw<Judged[]>`
    SELECT c.id, c.ordinal, c.standing, c.verifier
    FROM claim_in_force c JOIN summary s ON s.id = c.summary_id
    WHERE s.id = ${summaryId}::uuid AND s.incident_id = ${incidentId}::uuid
      AND c.verifier::int < ${verifier}::int`;
  return new Map(claims.map((claim) => [claim.id, claim]));
}

async function storeRows(tx: Tx, said: Verification[], verifier: string): Promise<void> {
  const nextId = uuidV7();
  await tx.claimVerification.createMany({
    data: said.map(({ claimId, standing, checks, uncovered }) => ({
      id: nextId(),
      claimId,
      verifier,
      standing,
      checks: storableJson(checks),
      uncovered,
    })),
  });
}

async function summaryWords(tx: Tx, id: string) {
  const { origin, version } = await tx.summary.findUniqueOrThrow({
    where: { id },
    select: { origin: true, version: true },
  });
  return { summary: id, origin, version };
}
