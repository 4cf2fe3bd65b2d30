import type { TogetherOutcome } from "#lib/contracts/together-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Actor } from "./actor.ts";
import { assignIncident } from "./assign-incident.ts";
import type { AssignIncident } from "./assign-incident.ts";
import { oneByOne } from "./one-by-one.ts";

/**
 * Takes several incidents, hands them over or gives them back, each with its own entry on the trail. One that changed
 * hands or was closed meanwhile is told and left as it is.
 */
export function assignIncidents(
  db: Db,
  { assignments }: { assignments: readonly AssignIncident[] },
  by: Actor,
): Promise<TogetherOutcome> {
  return oneByOne(db, assignments, async (each) => (await assignIncident(db, each, by)).changed);
}
