import type { Db } from "#lib/db/prisma.ts";
import type { PersonActor } from "./actor.ts";

/** The tour of the desk was taken or declined, and does not offer itself again. Not on the trail: it is about the reader. */
export async function endTour(db: Db, by: PersonActor): Promise<{ done: true }> {
  await db.$executeRaw`
    INSERT INTO desk_choice (person_id, tour_ended_at) VALUES (${by.id}::uuid, now())
    ON CONFLICT (person_id) DO UPDATE SET tour_ended_at = excluded.tour_ended_at`;
  return { done: true };
}
