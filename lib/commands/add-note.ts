import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { DRAFT_KINDS, type DraftKind } from "#lib/domain/copilot/run.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";

export const NOTE_CHARACTERS_MAX = 10_000;

export type AddNoteInput = {
  incidentId: string;
  text: string;
  /** The model's draft that the person made this of, and sends as their own; it gives the note its kind. */
  draftRunId?: string | null;
};

/**
 * Adds a note for good: there is no editing, only another note. Throws Problem `draft_unknown` 404 when the draft is
 * not one of this incident.
 */
export async function addNote(db: Db, input: AddNoteInput, by: Actor): Promise<{ id: string }> {
  const text = storableText(input.text).trim();
  if (text === "") throw new Problem("note_empty", 422, "Write a note.");
  if (text.length > NOTE_CHARACTERS_MAX) {
    throw new Problem(
      "note_too_long",
      422,
      `A note has at most ${NOTE_CHARACTERS_MAX} characters.`,
    );
  }
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    const draftRunId = input.draftRunId ?? null;
    const kind = draftRunId === null ? "note" : await kindOfDraft(tx, draftRunId, incident.id);
    const note = await tx.note.create({
      data: { incidentId: incident.id, personId: by.id, text, kind, draftRunId },
      select: { id: true },
    });
    await tx.$executeRaw`UPDATE incident SET last_activity_at = now() WHERE id = ${incident.id}::uuid`;
    await announce(tx, incident.id);
    const payload = { note: note.id, kind, text, draft: draftRunId };
    await appendTrail(tx, {
      kind: "note.added",
      actor: actorText(by),
      incidentId: incident.id,
      payload,
    });
    return note;
  });
}

async function kindOfDraft(tx: Tx, id: string, incidentId: string): Promise<DraftKind> {
  const run = await tx.modelRun.findUnique({
    where: { id, incidentId, state: { notIn: ["queued", "streaming"] } },
    select: { kind: true },
  });
  const kind = DRAFT_KINDS.find((known) => known === run?.kind);
  if (!kind) throw new Problem("draft_unknown", 404, "There is no such draft of this incident.");
  return kind;
}
