import { transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import { STATUS_WORDS } from "#lib/domain/incident/words.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { lockIncident } from "./lock-incident.ts";
import type { LockedRow } from "./lock-incident.ts";
import { whoChanged } from "./who-changed.ts";
import type { WhoChanged } from "./who-changed.ts";

export type WorkStatus = "new" | "in_progress" | "on_hold";

/** `expected`: the status that the person saw. */
export type WorkIncident = {
  incidentId: string;
  status: WorkStatus;
  expected?: WorkStatus | undefined;
};

/**
 * Moves an incident between the statuses that need no signature. The database writes the trail. Throws Problem
 * `status_changed` 409 where it is another by now than the person saw.
 */
export async function workIncident(
  db: Db,
  input: WorkIncident,
  by: Actor,
): Promise<{ status: WorkStatus }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      if (incident.status === input.status) return { status: input.status };
      if (input.expected !== undefined && incident.status !== input.expected) {
        const who = await whoChanged(tx, incident.id, "incident.status_changed");
        // Whoever is quicker than their own screen collides with nobody.
        if (who?.id !== by.id) throw statusChanged(incident, who);
      }
      await tx.$queryRaw`
        SELECT gate.set_work_status(${incident.id}::uuid, ${by.id}::uuid, ${input.status})::text`;
      return { status: input.status };
    }),
  );
}

function statusChanged(incident: LockedRow, who: WhoChanged | null): Problem {
  const status = STATUS_WORDS[incident.status as IncidentStatus].toLowerCase();
  return new Problem(
    "status_changed",
    409,
    `The status is ${status} by now${who ? `, by ${who.words}` : ""}. Yours was not set. Look at the thread; if it is still right, set it again.`,
    { status: incident.status },
  );
}
