import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";

export const NOTE_CHARACTERS_MAX = 10_000;

/** Adds a note for good: there is no editing, only another note. */
export async function addNote(
  db: Db,
  input: { incidentId: string; text: string },
  by: Actor,
): Promise<{ id: string }> {
  const text = storableText(input.text).trim();
  if (text === "") throw new Problem("note_empty", 422, "Write a note.");
  if (text.length > NOTE_CHARACTERS_MAX) {
    throw new Problem(
      "note_too_long",
      422,
      `A note has at most ${NOTE_CHARACTERS_MAX} characters.`,
    );
  }
  return transact(db, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    const note = await tx.note.create({
      data: { incidentId: incident.id, personId: by.id, text },
      select: { id: true },
    });
    await tx.$executeRaw`UPDATE incident SET last_activity_at = now() WHERE id = ${incident.id}::uuid`;
    await announce(tx, incident.id);
    const payload = { note: note.id, text };
    await appendTrail(tx, {
      kind: "note.added",
      actor: actorText(by),
      incidentId: incident.id,
      payload,
    });
    return note;
  });
}
