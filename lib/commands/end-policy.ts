import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { Actor } from "./actor.ts";
import { withPolicyGuards } from "./policy-problem.ts";

/**
 * Ends a change of the policy before its time: refused by the admin who was to sign second, withdrawn otherwise. Throws
 * Problem: `policy_not_open`, `not_found`, `role_too_low`.
 */
export async function endPolicy(
  db: Db,
  input: { version: number; reason: string },
  by: Actor,
): Promise<{ state: "refused" | "withdrawn" }> {
  return withPolicyGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ state: "refused" | "withdrawn" }[]>`
        SELECT gate.end_policy(${by.id}::uuid, ${input.version}::int, ${input.reason}) AS state`;
      return rows[0]!;
    }),
  );
}
