import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";
import { signProof } from "#lib/signing/sign-key.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { signKeyOf } from "./sign-key-of.ts";

export type ActivateModelInput = {
  configId: string;
  evaluationId: string;
  reason: string;
  /** hex: the digest of the statement the signer was shown. */
  statementSha256: string;
  /** Re-entered for this statement; only the key made from it leaves this function. */
  password: string;
};

/**
 * Puts a model and the prompts of its evaluation in force, signed by an admin. The database rebuilds the statement,
 * checks digest, proof, person and evaluation, and writes the trail. Throws Problem: `password_wrong`,
 * `statement_changed` (something was activated meanwhile), `evaluation_missing`, `role_too_low`.
 */
export async function activateModel(
  db: Db,
  input: ActivateModelInput,
  by: Actor,
): Promise<{ ok: true; activationId: string }> {
  const statementSha256 = Buffer.from(input.statementSha256, "hex");
  if (statementSha256.length !== 32) {
    throw new Problem(
      "statement_changed",
      409,
      "What you were shown cannot be signed; load it again.",
    );
  }
  const proof = signProof(await signKeyOf(db, input.password, by.id), statementSha256);
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.activate_model(${by.id}::uuid, ${input.configId}::uuid, ${input.evaluationId}::uuid,
          ${new Uint8Array(statementSha256)}::bytea, ${new Uint8Array(proof)}::bytea, ${input.reason}) AS id`;
      return { ok: true, activationId: rows[0]!.id };
    }),
  );
}
