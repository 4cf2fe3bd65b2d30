import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";
import type { LockedRow } from "./lock-incident.ts";
import { whoChanged } from "./who-changed.ts";

/** `personId` null gives the incident back; `expected` is the assignee the person saw. */
export type AssignIncident = {
  incidentId: string;
  personId: string | null;
  expected: string | null;
};
export type Assigned = { assignee: { id: string; name: string } | null; changed: boolean };

/**
 * Takes an incident, hands it over or gives it back. Throws Problem 409 (incident_taken, with the owner's
 * name) when it changed hands meanwhile, so that of two people who take it at once one gets it. `changed` is false
 * where they had it already.
 */
export async function assignIncident(db: Db, input: AssignIncident, by: Actor): Promise<Assigned> {
  return transact(db, by, async (tx) =>
    giveIncident(tx, await lockIncident(tx, input.incidentId), input, by),
  );
}

/** The same for an incident that this transaction has locked. */
export async function giveIncident(
  tx: Tx,
  incident: LockedRow,
  input: Omit<AssignIncident, "incidentId">,
  by: Actor,
): Promise<Assigned> {
  if (incident.assigneeId === input.personId)
    return { assignee: await workerNamed(tx, input.personId), changed: false };
  if (incident.assigneeId !== input.expected)
    throw await taken(tx, incident.id, incident.assigneeId);
  if (incident.status === "closed") {
    throw new Problem("incident_closed", 409, "The incident is closed.");
  }
  const assignee = await workerNamed(tx, input.personId);
  await tx.$executeRaw`
    UPDATE incident SET assignee_id = ${input.personId}::uuid, last_activity_at = now(),
           assigned_at = CASE WHEN ${input.personId}::uuid IS NULL THEN NULL ELSE now() END
    WHERE id = ${incident.id}::uuid`;
  await announce(tx, incident.id);
  const payload = {
    assigneeId: input.personId,
    assigneeName: assignee?.name ?? null,
    before: incident.assigneeId,
  };
  await appendTrail(tx, {
    kind: "incident.assigned",
    actor: actorText(by),
    incidentId: incident.id,
    payload,
  });
  return { assignee, changed: true };
}

/** Somebody who can be given work; null for nobody. Throws Problem `assignee_invalid` 422. */
export async function workerNamed(
  tx: Tx,
  id: string | null,
): Promise<{ id: string; name: string } | null> {
  if (id === null) return null;
  const person = await tx.person.findUnique({
    where: { id },
    select: { id: true, name: true, role: true, active: true, human: true },
  });
  const works =
    person?.active && person.human && (person.role === "analyst" || person.role === "lead");
  if (!works)
    throw new Problem(
      "assignee_invalid",
      422,
      "Only an active analyst or lead can take an incident.",
    );
  return { id: person.id, name: person.name };
}

/** Why it is not what the person saw any more, and who made it so. */
async function taken(tx: Tx, incidentId: string, ownerId: string | null): Promise<Problem> {
  const who = await whoChanged(tx, incidentId, "incident.assigned");
  if (ownerId === null)
    return new Problem(
      "incident_free",
      409,
      `Nobody has this incident any more${who ? `: given back by ${who.words}` : ""}. Nothing was changed; take it if it is still yours to do.`,
      { owner: null },
    );
  const owner = await tx.person.findUnique({
    where: { id: ownerId },
    select: { id: true, name: true },
  });
  const name = owner?.name ?? "Someone else";
  return new Problem(
    "incident_taken",
    409,
    `${name} has this incident${who ? `, assigned by ${who.words}` : ""}. Nothing was changed; agree with them before you take it over.`,
    { owner },
  );
}
