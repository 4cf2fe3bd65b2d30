import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Ends every session of a person, everywhere. */
export async function endAllSessions(
  db: Db,
  input: { personId: string },
  by: Actor,
): Promise<{ ended: number }> {
  return transact(db, by, async (tx) => {
    const ended = await tx.$executeRaw`
      UPDATE session SET revoked_at = now() WHERE person_id = ${input.personId}::uuid AND revoked_at IS NULL`;
    if (ended === 0) return { ended };
    const payload = { person: input.personId, sessions: ended };
    await appendTrail(tx, {
      kind: "session.closed",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
    return { ended };
  });
}
