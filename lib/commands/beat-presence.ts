import type { Db } from "#lib/db/prisma.ts";
import { GONE_SECONDS } from "#lib/domain/incident/presence.ts";
import { notFound } from "#lib/domain/problem.ts";

type Present = { incidentId: string; personId: string };

/** Rows of those who are gone that one beat sweeps away. */
const SWEPT_MAX = 50;

/**
 * Says that a person has an incident open. Whoever was gone meanwhile comes anew. Throws Problem 404 where there is no
 * such incident.
 */
export async function beatPresence(db: Db, { incidentId, personId }: Present): Promise<void> {
  const written = await db.$executeRaw`
    INSERT INTO presence (incident_id, person_id)
    SELECT id, ${personId}::uuid FROM incident WHERE id = ${incidentId}::uuid
    ON CONFLICT (incident_id, person_id) DO UPDATE SET seen_at = now(),
      since = CASE WHEN presence.seen_at < now() - make_interval(secs => ${GONE_SECONDS}) THEN now() ELSE presence.since END`;
  if (written === 0) throw notFound("incident");
  // Beats that sweep at once leave each other's rows alone.
  await db.$executeRaw`
    DELETE FROM presence WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM presence WHERE seen_at < now() - make_interval(secs => ${GONE_SECONDS})
      ORDER BY seen_at LIMIT ${SWEPT_MAX}::int FOR UPDATE SKIP LOCKED))`;
}

/** Says that a person closed it; another page of theirs brings them back with its next beat. */
export async function endPresence(db: Db, { incidentId, personId }: Present): Promise<void> {
  await db.$executeRaw`
    DELETE FROM presence WHERE incident_id = ${incidentId}::uuid AND person_id = ${personId}::uuid`;
}
