import type { PolicyAnswer } from "#lib/contracts/policy-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { Actor } from "./actor.ts";
import { withPolicyGuards } from "./policy-problem.ts";
import { proofOver } from "./proof-over.ts";

export type SignPolicyInput = {
  version: number;
  /** hex: the digest of the statement the signer was shown. */
  statementSha256: string;
  /** Re-entered for this statement; only the key made from it leaves this function. */
  password: string;
};

/**
 * The second admin's signature under a weaker policy: its time is then set. Throws Problem: `password_wrong`,
 * `statement_changed`, `signer_is_proposer`, `policy_not_open`, `stale`, `role_too_low`.
 */
export async function signPolicy(
  db: Db,
  input: SignPolicyInput,
  by: Actor,
): Promise<{ ok: true } & PolicyAnswer> {
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withPolicyGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ answer: PolicyAnswer }[]>`
        SELECT gate.sign_policy(${by.id}::uuid, ${input.version}::int, ${sha256}::bytea,
          ${proof}::bytea) AS answer`;
      return { ok: true, ...rows[0]!.answer };
    }),
  );
}
