import type { PolicyChangeInput } from "#lib/contracts/policy-inputs.ts";
import type { PolicyAnswer } from "#lib/contracts/policy-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { Actor } from "./actor.ts";
import { withPolicyGuards } from "./policy-problem.ts";
import { proofOver } from "./proof-over.ts";

export type ProposePolicyInput = PolicyChangeInput & {
  /** hex: the digest of the statement the signer was shown. */
  statementSha256: string;
  /** Re-entered for this statement; only the key made from it leaves this function. */
  password: string;
};

/**
 * Proposes a version of the policy, signed by an admin in the same act. The database makes the statement again, decides
 * whether it weakens anything, and puts a version that does not in force at once; one that does waits for a second
 * admin. Throws Problem: `password_wrong`, `statement_changed`, `stale`, `policy_waits`, `role_too_low`.
 */
export async function proposePolicy(
  db: Db,
  input: ProposePolicyInput,
  by: Actor,
): Promise<{ ok: true } & PolicyAnswer> {
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withPolicyGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ answer: PolicyAnswer }[]>`
        SELECT gate.propose_policy(${by.id}::uuid, ${input.base}::int, ${JSON.stringify(input.rules)}::jsonb, ${input.reason},
          ${input.delayMinutes}::int, ${sha256}::bytea, ${proof}::bytea) AS answer`;
      return { ok: true, ...rows[0]!.answer };
    }),
  );
}
