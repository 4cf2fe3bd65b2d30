import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * Switches the model off: nothing new is sent from the commit on, and what runs is ended at its worker's next sign of
 * life. Nothing to do when it is off already. Throws Problem `role_too_low` for who is neither lead nor admin.
 */
export async function stopModel(
  db: Db,
  input: { reason: string },
  by: Actor,
): Promise<{ stopped: true; activationId: string }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.stop_model(${by.id}::uuid, ${input.reason}) AS id`;
      return { stopped: true, activationId: rows[0]!.id };
    }),
  );
}
