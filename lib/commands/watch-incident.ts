import { transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { WATCHES_MAX } from "#lib/domain/incident/watch.ts";
import type { Actor } from "./actor.ts";
import { lockIncident } from "./lock-incident.ts";

/**
 * Has a person told of what becomes of an incident, or no more. Throws Problem `watches_full` 409 when they watch as
 * many as one may.
 */
export async function watchIncident(
  db: Db,
  { incidentId, watching }: { incidentId: string; watching: boolean },
  by: Actor,
): Promise<void> {
  await transact(db, by, async (tx) => {
    const { id } = await lockIncident(tx, incidentId);
    if (!watching) {
      await tx.$executeRaw`
        DELETE FROM incident_watch WHERE person_id = ${by.id}::uuid AND incident_id = ${id}::uuid`;
      return;
    }
    const rows = await tx.$queryRaw<{ others: number }[]>`
      SELECT count(*)::int AS others FROM incident_watch
      WHERE person_id = ${by.id}::uuid AND incident_id <> ${id}::uuid`;
    if ((rows[0]?.others ?? 0) >= WATCHES_MAX)
      throw new Problem("watches_full", 409, `You watch ${WATCHES_MAX} incidents. End some first.`);
    await tx.$executeRaw`
      INSERT INTO incident_watch (person_id, incident_id) VALUES (${by.id}::uuid, ${id}::uuid)
      ON CONFLICT DO NOTHING`;
  });
}
