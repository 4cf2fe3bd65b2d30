import type { GiveSecondReview } from "#lib/contracts/second-review-inputs.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { ruleSecondReview } from "#lib/domain/decision/second-review.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { lockIncident } from "./lock-incident.ts";
import { proofOver } from "./proof-over.ts";
import { findSigner } from "./propose-decision.ts";

export type SecondReviewed =
  | { ok: true }
  | { ok: false; code: string; message: string; reasons: { code: string; sentence: string }[] };

/**
 * A lead's word on what another lead decided by break-glass, once and for good, signed by the password; an objection
 * changes nothing else. The database checks again and writes the trail. Throws Problem `decision_not_found` 404,
 * `password_wrong`, `passkey_needed`, `statement_changed`.
 */
export async function giveSecondReview(
  db: Db,
  input: GiveSecondReview,
  by: Actor,
): Promise<SecondReviewed> {
  const { sha256: digest, proof } = await proofOver(db, input, by.id);
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const decision = await findReviewed(tx, input.decisionId);
      await lockIncident(tx, decision.incidentId);
      const { proposerId, signOffs, secondReview } = await findReviewed(tx, input.decisionId);
      const reasons = ruleSecondReview({
        review: secondReview && { given: secondReview.at !== null },
        proposerId,
        signerIds: signOffs.map(({ personId }) => personId),
        reviewer: await findSigner(tx, by.id),
      });
      const [first] = reasons;
      if (first) {
        const message = reasons.map(({ sentence }) => sentence).join(" ");
        return { ok: false, code: first.code, message, reasons };
      }
      await tx.$queryRaw`
        SELECT gate.give_second_review(${input.decisionId}::uuid, ${by.id}::uuid, ${input.outcome}, ${storableText(input.words)},
          ${digest}::bytea, ${proof}::bytea)::text`;
      return { ok: true };
    }),
  );
}

async function findReviewed(tx: Tx, decisionId: string) {
  const found = await tx.decision.findUnique({
    where: { id: decisionId },
    select: {
      incidentId: true,
      proposerId: true,
      signOffs: { select: { personId: true } },
      secondReview: { select: { at: true } },
    },
  });
  if (!found) throw new Problem("decision_not_found", 404, "There is no such decision.");
  return found;
}
