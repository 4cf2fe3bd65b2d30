import type { Db } from "#lib/db/prisma.ts";
import type { Actor } from "./actor.ts";

/**
 * Says whether leads may see figures of one's own from now on. Not on the trail: it is about the reader. What was before
 * is shown to nobody, and nothing is once it is off.
 */
export async function setTrainingMode(
  db: Db,
  { on }: { on: boolean },
  by: Actor,
): Promise<{ on: boolean }> {
  if (on) {
    await db.$executeRaw`
      INSERT INTO training_mode (person_id) VALUES (${by.id}::uuid) ON CONFLICT (person_id) DO NOTHING`;
  } else {
    await db.$executeRaw`DELETE FROM training_mode WHERE person_id = ${by.id}::uuid`;
  }
  return { on };
}
