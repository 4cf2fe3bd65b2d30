import { randomUUID } from "node:crypto";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { HandOverInput } from "#lib/contracts/work-inputs.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { noteText, writeNote } from "./add-note.ts";
import { giveIncident } from "./assign-incident.ts";
import { withGuards } from "./guard-problem.ts";
import { lockIncident } from "./lock-incident.ts";
import { requireOpen } from "./task-rows.ts";

/**
 * Hands an incident over: the note, whose it is now, and who is told, all or nothing. Throws Problem
 * `handover_to_oneself` 422, `assignee_invalid` 422, `note_empty` or `note_too_long` 422, `incident_closed` 409, and
 * `incident_taken` or `incident_free` 409 when it changed hands meanwhile.
 */
export async function handOver(
  db: Db,
  input: HandOverInput,
  by: Actor,
): Promise<{ id: string; to: { id: string; name: string } | null }> {
  const text = noteText(input.text);
  if (input.personId === by.id)
    throw new Problem("handover_to_oneself", 422, "Hand it over to somebody else, or to nobody.");
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      requireOpen(incident);
      const { assignee } = await giveIncident(tx, incident, input, by);
      const note = await writeNote(
        tx,
        incident.id,
        { text, kind: "handover", draftRunId: null },
        by,
      );
      const id = randomUUID();
      await tx.$executeRaw`
        INSERT INTO handover (id, incident_id, note_id, person_id, to_id)
        VALUES (${id}::uuid, ${incident.id}::uuid, ${note.id}::uuid, ${by.id}::uuid, ${input.personId}::uuid)`;
      await appendTrail(tx, {
        kind: "incident.handed_over",
        actor: actorText(by),
        incidentId: incident.id,
        payload: {
          handover: id,
          note: note.id,
          to: input.personId,
          toName: assignee?.name ?? null,
        },
      });
      return { id, to: assignee };
    }),
  );
}
