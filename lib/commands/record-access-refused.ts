import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { actorText, type PersonActor } from "./actor.ts";

/** Puts on the trail that a person knocked at a door their role does not open. `door` is its name, as in the log. */
export async function recordAccessRefused(
  db: Db,
  { door, permission }: { door: string; permission: string | null },
  by: PersonActor,
): Promise<void> {
  await transact(db, by, (tx) =>
    appendTrail(tx, {
      kind: "access.refused",
      actor: actorText(by),
      incidentId: null,
      payload: { door, permission, role: by.role ?? null },
    }),
  );
}
