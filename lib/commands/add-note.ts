import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { DRAFT_KINDS, type DraftKind } from "#lib/domain/copilot/run.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { mentionedIn } from "#lib/domain/incident/mentions.ts";
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
 * Adds a note for good: there is no editing, only another note. Whom it names with `@` is told. Throws Problem
 * `draft_unknown` 404 when the draft is not one of this incident.
 */
export async function addNote(db: Db, input: AddNoteInput, by: Actor): Promise<{ id: string }> {
  const text = noteText(input.text);
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    const draftRunId = input.draftRunId ?? null;
    const kind = draftRunId === null ? "note" : await kindOfDraft(tx, draftRunId, incident.id);
    return writeNote(tx, incident.id, { text, kind, draftRunId }, by);
  });
}

/** The text as it is kept. Throws Problem `note_empty` or `note_too_long` 422. */
export function noteText(given: string): string {
  const text = storableText(given).trim();
  if (text === "") throw new Problem("note_empty", 422, "Write a note.");
  if (text.length > NOTE_CHARACTERS_MAX) {
    throw new Problem(
      "note_too_long",
      422,
      `A note has at most ${NOTE_CHARACTERS_MAX} characters.`,
    );
  }
  return text;
}

/** Writes a note into an incident that this transaction has locked. */
export async function writeNote(
  tx: Tx,
  incidentId: string,
  { text, kind, draftRunId }: { text: string; kind: DraftKind; draftRunId: string | null },
  by: Actor,
): Promise<{ id: string }> {
  const note = await tx.note.create({
    data: { incidentId, personId: by.id, text, kind, draftRunId },
    select: { id: true },
  });
  const mentioned = await mention(tx, note.id, text);
  await tx.$executeRaw`UPDATE incident SET last_activity_at = now() WHERE id = ${incidentId}::uuid`;
  await announce(tx, incidentId);
  const payload = { note: note.id, kind, text, draft: draftRunId };
  await appendTrail(tx, {
    kind: "note.added",
    actor: actorText(by),
    incidentId,
    payload: mentioned.length > 0 ? { ...payload, mentioned } : payload,
  });
  return note;
}

const PEOPLE_MAX = 500;

/** Names those whom the note names; a trigger tells them. Returns their ids. */
async function mention(tx: Tx, noteId: string, text: string): Promise<string[]> {
  if (!text.includes("@")) return [];
  const people = await tx.person.findMany({
    where: { human: true, active: true, role: { in: ["analyst", "lead"] } },
    select: { id: true, name: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: PEOPLE_MAX,
  });
  const ids = mentionedIn(text, people).map(({ id }) => id);
  if (ids.length > 0) {
    await tx.$executeRaw`
      INSERT INTO note_mention (note_id, person_id) SELECT ${noteId}::uuid, unnest(${ids}::uuid[])`;
  }
  return ids;
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
