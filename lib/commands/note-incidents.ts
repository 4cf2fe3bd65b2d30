import type { TogetherOutcome } from "#lib/contracts/together-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Actor } from "./actor.ts";
import { addNote } from "./add-note.ts";
import { oneByOne } from "./one-by-one.ts";

/** Adds the same note to several incidents, each with its own entry on the trail. Notes stay: there is no undo. */
export function noteIncidents(
  db: Db,
  { incidentIds, text }: { incidentIds: readonly string[]; text: string },
  by: Actor,
): Promise<TogetherOutcome> {
  const items = incidentIds.map((incidentId) => ({ incidentId, text }));
  return oneByOne(db, items, async (item) => Boolean(await addNote(db, item, by)));
}
