import type { SetBudgetInput } from "#lib/contracts/copilot-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { actorText, type Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * Sets the limits of a request, an incident, a day and everything, in millionths of a US dollar. A limit below what
 * is spent already stops new requests; it takes nothing back. Throws Problem `role_too_low` for who is no admin.
 */
export async function setBudget(
  db: Db,
  input: SetBudgetInput,
  by: Actor,
): Promise<{ set: true; limitId: string }> {
  const { reason, ...limits } = input;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const { id } = await tx.budgetLimit.create({
        data: {
          runMicro: BigInt(limits.runMicro),
          incidentMicro: BigInt(limits.incidentMicro),
          dayMicro: BigInt(limits.dayMicro),
          allMicro: BigInt(limits.allMicro),
          byId: by.id,
          reason,
        },
        select: { id: true },
      });
      const payload = { limit: id, ...limits, reason };
      await appendTrail(tx, {
        kind: "budget.set",
        actor: actorText(by),
        incidentId: null,
        payload,
      });
      return { set: true, limitId: id };
    }),
  );
}
