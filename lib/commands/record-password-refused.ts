import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { actorText, type PersonActor } from "./actor.ts";

/** Puts on the trail that a person gave a wrong password where one is asked for again; what they wanted was not done. */
export async function recordPasswordRefused(db: Db, by: PersonActor): Promise<void> {
  await transact(db, by, (tx) =>
    appendTrail(tx, {
      kind: "password.refused",
      actor: actorText(by),
      incidentId: null,
      payload: { role: by.role ?? null },
    }),
  );
}
