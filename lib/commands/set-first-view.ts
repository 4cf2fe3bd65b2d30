import type { FirstView } from "#lib/contracts/saved-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { PersonActor } from "./actor.ts";

/**
 * Says what the queue opens with for oneself; null: as it does by itself. Not on the trail: it is about the reader.
 * Throws Problem `view_not_found` 404 for one that is neither one's own nor shared.
 */
export async function setFirstView(
  db: Db,
  first: FirstView,
  by: PersonActor,
): Promise<{ done: true }> {
  const view = first && "view" in first ? first.view : null;
  const savedId = first && "savedId" in first ? first.savedId : null;
  const written = await db.$executeRaw`
    INSERT INTO desk_choice (person_id, first_view, saved_view_id)
    SELECT ${by.id}::uuid, ${view}, ${savedId}::uuid
    WHERE ${savedId}::uuid IS NULL OR EXISTS (SELECT FROM saved_view
      WHERE id = ${savedId}::uuid AND (shared OR owner_id = ${by.id}::uuid))
    ON CONFLICT (person_id) DO UPDATE SET first_view = excluded.first_view, saved_view_id = excluded.saved_view_id`;
  if (written === 0) throw new Problem("view_not_found", 404, "There is no such view any more.");
  return { done: true };
}
