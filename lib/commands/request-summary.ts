import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";

/** Asks the worker for a new summary: a row it takes up after commit. */
export async function requestSummary(
  db: Db,
  input: { incidentId: string },
  by: Actor,
): Promise<{ requested: true }> {
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    await announce(tx, incident.id, "summary.requested");
    await appendTrail(tx, {
      kind: "summary.requested",
      actor: actorText(by),
      incidentId: incident.id,
      payload: {},
    });
    return { requested: true };
  });
}
