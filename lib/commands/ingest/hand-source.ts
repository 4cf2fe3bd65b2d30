import { randomUUID } from "node:crypto";
import { appendTrail } from "#lib/db/transaction.ts";
import type { Tx } from "#lib/db/prisma.ts";
import { handSourceName } from "#lib/domain/evidence/by-hand.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Permission, Role } from "#lib/domain/people/permissions.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "../actor.ts";
import type { PersonActor } from "../actor.ts";

export type HandSource = { id: string; name: string };

/**
 * The source under which this person adds by hand, made with the first thing they add. Throws Problem `not_allowed` 403
 * for somebody whose role is not for it, or who has left.
 */
export async function handSource(
  tx: Tx,
  by: PersonActor,
  permission: Permission,
): Promise<HandSource> {
  const person = await tx.person.findUnique({
    where: { id: by.id },
    select: { name: true, email: true, role: true, active: true, human: true },
  });
  if (!person?.active || !person.human || !may(person.role as Role, permission))
    throw new Problem("not_allowed", 403, "Only an analyst or a lead may add to an incident.");
  const known = await sourceOf(tx, by.id);
  if (known) return known;
  const name = handSourceName(person.name);
  // Two people of one name are told apart by what they sign in with.
  await makeSource(tx, by, name);
  await makeSource(tx, by, `${name} (${person.email})`);
  const made = await sourceOf(tx, by.id);
  if (!made) throw new Error("a source by hand was neither made nor found");
  return made;
}

async function sourceOf(tx: Tx, personId: string): Promise<HandSource | null> {
  const rows = await tx.$queryRaw<HandSource[]>`
    SELECT id, name FROM source WHERE person_id = ${personId}::uuid`;
  return rows[0] ?? null;
}

/** Nothing when the person has one by now, or the name is another's. */
async function makeSource(tx: Tx, by: PersonActor, name: string): Promise<void> {
  const id = randomUUID();
  const made = await tx.$executeRaw`
    INSERT INTO source (id, name, format, person_id) VALUES (${id}::uuid, ${name}, 'by-hand', ${by.id}::uuid)
    ON CONFLICT DO NOTHING`;
  if (made === 0) return;
  await appendTrail(tx, {
    kind: "source.created",
    actor: actorText(by),
    incidentId: null,
    payload: { source: id, name, format: "by-hand", sensitivity: "amber" },
  });
}
