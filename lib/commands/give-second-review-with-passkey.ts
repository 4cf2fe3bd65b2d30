import type { ReviewVerifierInput } from "#lib/contracts/second-review-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transactOnce } from "#lib/db/transaction.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { RelyingParty } from "#lib/signing/relying-party.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { withGuards } from "./guard-problem.ts";
import { assertionOf, knownPasskey, verifyAssertion } from "./sign-with-passkey.ts";

type Found = {
  statement: string;
  public_key: Uint8Array | null;
  sign_count: bigint | null;
};

/**
 * A second review signed with a passkey; for the verifier's login alone. The assertion is verified here over the review's
 * own statement; who may review, and the rest of the assertion, the gate checks, and writes the trail. Throws Problem as
 * `signWithPasskey` does, and what the gate says.
 */
export async function giveSecondReviewWithPasskey(
  db: Db,
  input: ReviewVerifierInput,
  party: RelyingParty,
): Promise<{ ok: true }> {
  const { credentialId, ...assertion } = assertionOf(input);
  const words = storableText(input.words);
  const rows = await db.$queryRaw<Found[]>`
    SELECT gate.second_review_statement(d.id, ${input.personId}::uuid, ${input.outcome}, ${words}) AS statement, k.public_key, k.sign_count
    FROM decision d LEFT JOIN passkey k ON k.credential_id = ${credentialId}::bytea WHERE d.id = ${input.decisionId}::uuid`;
  const row = rows[0];
  if (!row) throw new Problem("decision_not_found", 404, "There is no such decision.");
  const passkey = knownPasskey(row, credentialId);
  await verifyAssertion({ passkey, statementSha256: sha256(row.statement), assertion, party });
  await withGuards(() =>
    transactOnce({ kind: "person", session: input.session }, async (claims) => {
      await db.$queryRaw`
        SELECT gate.give_second_review_with_passkey(${input.decisionId}::uuid, ${input.personId}::uuid, ${input.outcome}, ${words},
          ${credentialId}::bytea, ${assertion.authenticatorData}::bytea, ${assertion.clientDataJson}::bytea,
          ${assertion.signature}::bytea)::text FROM ${claims}`;
    }),
  );
  return { ok: true };
}
