import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { actorText } from "./actor.ts";
import type { PersonActor } from "./actor.ts";
import { lockView } from "./change-view.ts";
import { viewPayload } from "./save-view.ts";

/**
 * Deletes a saved view; whose queue opened with it opens as it does by itself. Throws Problem `view_not_found` 404,
 * `view_of_another` 403.
 */
export async function deleteView(db: Db, viewId: string, by: PersonActor): Promise<{ done: true }> {
  return transact(db, by, async (tx) => {
    const view = await lockView(tx, viewId, by);
    await tx.$executeRaw`DELETE FROM saved_view WHERE id = ${viewId}::uuid`;
    await appendTrail(tx, {
      kind: "view.deleted",
      actor: actorText(by),
      incidentId: null,
      payload: viewPayload(view),
    });
    return { done: true };
  });
}
