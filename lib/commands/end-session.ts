import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Ends one of the person's own sessions at once. Ending it again, or someone else's, changes nothing. */
export async function endSession(
  db: Db,
  input: { sessionId: string },
  by: Actor,
): Promise<{ ended: number }> {
  return transact(db, by, async (tx) => {
    const ended = await tx.$executeRaw`
      UPDATE session SET revoked_at = now()
      WHERE id = ${input.sessionId}::uuid AND person_id = ${by.id}::uuid AND revoked_at IS NULL`;
    if (ended === 0) return { ended };
    const payload = { session: input.sessionId, sessions: ended };
    await appendTrail(tx, {
      kind: "session.closed",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
    return { ended };
  });
}
