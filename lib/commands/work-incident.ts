import { transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { lockIncident } from "./lock-incident.ts";

export type WorkStatus = "new" | "in_progress" | "on_hold";

/** Moves an incident between the statuses that need no signature. The database writes the trail. */
export async function workIncident(
  db: Db,
  input: { incidentId: string; status: WorkStatus },
  by: Actor,
): Promise<{ status: WorkStatus }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      if (incident.status === input.status) return { status: input.status };
      await tx.$queryRaw`
        SELECT gate.set_work_status(${incident.id}::uuid, ${by.id}::uuid, ${input.status})::text`;
      return { status: input.status };
    }),
  );
}
