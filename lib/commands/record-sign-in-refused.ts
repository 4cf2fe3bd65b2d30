import { NOBODY } from "#lib/db/acting.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";

/** Puts a failed sign-in on the trail. `personId` is null for an account that does not exist. */
export async function recordSignInRefused(
  db: Db,
  input: { personId: string | null; address: string },
): Promise<void> {
  const payload = { person: input.personId, address: input.address };
  await transact(db, NOBODY, (tx) =>
    appendTrail(tx, { kind: "session.refused", actor: "system:web", incidentId: null, payload }),
  );
}
