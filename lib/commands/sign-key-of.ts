import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { deriveSignKey } from "#lib/signing/sign-key.ts";

/** The person's signing key, made anew from the password they entered; throws Problem `signer_without_key`. */
export async function signKeyOf(db: Db, password: string, personId: string): Promise<Buffer> {
  const rows = await db.$queryRaw<{ salt: Uint8Array | null }[]>`
    SELECT gate.sign_salt(${personId}::uuid) AS salt`;
  const salt = rows[0]?.salt;
  if (!salt) {
    throw new Problem(
      "signer_without_key",
      403,
      "You have no signing key yet; ask an admin to enrol you again.",
    );
  }
  return deriveSignKey(password, salt);
}
