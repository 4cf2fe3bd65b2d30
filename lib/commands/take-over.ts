import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce, lockIncident } from "./lock-incident.ts";

/**
 * Says that whoever has the incident has taken over; said again, it stays as it was said first. Throws Problem
 * `handover_not_found` 404, or `not_yours` 409 for anybody but whose incident it is now.
 */
export async function takeOver(
  db: Db,
  input: { incidentId: string; handoverId: string },
  by: Actor,
): Promise<void> {
  await withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      const rows = await tx.$queryRaw<{ from: string; fromName: string; taken: boolean }[]>`
        SELECT h.person_id AS "from", p.name AS "fromName",
               EXISTS (SELECT FROM handover_taken t WHERE t.handover_id = h.id) AS taken
        FROM handover h JOIN person p ON p.id = h.person_id
        WHERE h.id = ${input.handoverId}::uuid AND h.incident_id = ${incident.id}::uuid`;
      const found = rows[0];
      if (!found)
        throw new Problem(
          "handover_not_found",
          404,
          "There is no such hand-over in this incident.",
        );
      if (found.taken) return;
      if (incident.assigneeId !== by.id)
        throw new Problem("not_yours", 409, "Only whoever has the incident takes it over.");
      await tx.$executeRaw`
        INSERT INTO handover_taken (handover_id, person_id) VALUES (${input.handoverId}::uuid, ${by.id}::uuid)`;
      await announce(tx, incident.id);
      await appendTrail(tx, {
        kind: "incident.taken_over",
        actor: actorText(by),
        incidentId: incident.id,
        payload: { handover: input.handoverId, from: found.from, fromName: found.fromName },
      });
    }),
  );
}
