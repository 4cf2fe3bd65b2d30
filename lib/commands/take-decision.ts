import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";

type Taken = { decisionId: string; incidentId: string };

/**
 * Takes a decision to look at, or goes on holding it: ten minutes from now. Nobody else's signature waits for that.
 * Not on the trail: it changes nothing about the decision and runs out by itself. Throws Problem: `not_waiting`,
 * `taken_by_another`.
 */
export async function takeDecision(db: Db, decisionId: string, by: Actor): Promise<Taken> {
  const rows = await db.$queryRaw<{ holder: string | null }[]>`
    SELECT gate.take_decision(${decisionId}::uuid, ${by.id}::uuid) AS holder`;
  const holder = rows[0]?.holder ?? null;
  if (holder === null)
    throw new Problem(
      "not_waiting",
      409,
      "This decision does not wait for your signature any more.",
    );
  if (holder !== by.id) {
    const other = await db.person.findUnique({ where: { id: holder }, select: { name: true } });
    throw new Problem(
      "taken_by_another",
      409,
      `${other?.name ?? "Somebody else"} has just taken it. You can still review and sign it.`,
    );
  }
  return taken(db, decisionId);
}

/** Takes what expires first of all that nobody has taken; of two people who ask at once each gets another one. */
export async function takeNextDecision(db: Db, by: Actor): Promise<Taken> {
  const rows = await db.$queryRaw<{ id: string | null }[]>`
    SELECT gate.take_next_decision(${by.id}::uuid) AS id`;
  const id = rows[0]?.id ?? null;
  if (id === null)
    throw new Problem(
      "nothing_waits",
      409,
      "Nothing waits for your signature that nobody has taken.",
    );
  return taken(db, id);
}

/** Gives back what one has taken. Throws Problem: `not_taken`. */
export async function releaseDecision(
  db: Db,
  decisionId: string,
  by: Actor,
): Promise<{ decisionId: string }> {
  const rows = await db.$queryRaw<{ done: boolean }[]>`
    SELECT gate.release_decision(${decisionId}::uuid, ${by.id}::uuid) AS done`;
  if (!rows[0]?.done) throw new Problem("not_taken", 409, "You have not taken this decision.");
  return { decisionId };
}

async function taken(db: Db, decisionId: string): Promise<Taken> {
  const { incidentId } = await db.decision.findUniqueOrThrow({
    where: { id: decisionId },
    select: { incidentId: true },
  });
  return { decisionId, incidentId };
}
