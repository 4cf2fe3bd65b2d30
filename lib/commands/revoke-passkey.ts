import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/** Ends a passkey for good: one's own, or as an admin anybody's. The database writes the trail. */
export async function revokePasskey(
  db: Db,
  input: { passkeyId: string },
  by: Actor,
): Promise<{ passkeyId: string }> {
  return withGuards(() =>
    transact(db, async (tx) => {
      await tx.$queryRaw`SELECT gate.revoke_passkey(${input.passkeyId}::uuid, ${by.id}::uuid)::text`;
      return input;
    }),
  );
}
