import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { revocationStatement } from "#lib/signing/passkey.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { proofOfText } from "./proof-over.ts";

/**
 * Ends a passkey for good: one's own, or as an admin anybody's. The password of whoever ends it proves that they want
 * this one ended; the database checks that and writes the trail. Throws Problem: `password_wrong`, `role_too_low`.
 */
export async function revokePasskey(
  db: Db,
  input: { passkeyId: string; password: string },
  by: Actor,
): Promise<{ ok: true; passkeyId: string }> {
  const { passkeyId, password } = input;
  const statement = revocationStatement({ passkeyId, personId: by.id });
  const proof = await proofOfText(db, { statement, password }, by.id);
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`
        SELECT gate.revoke_passkey(${passkeyId}::uuid, ${by.id}::uuid, ${proof}::bytea)::text`;
      return { ok: true, passkeyId };
    }),
  );
}
