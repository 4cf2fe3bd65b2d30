import type { Db } from "#lib/db/prisma.ts";
import type { Actor } from "./actor.ts";

/**
 * Notes when a person first had the statement of an open decision on the screen; nothing of one that is settled. A signal
 * for the review room, which no guard asks for: the signature has its own entry.
 */
export async function openStatement(
  db: Db,
  { decisionId }: { decisionId: string },
  by: Actor,
): Promise<{ noted: boolean }> {
  const made = await db.$executeRaw`
    INSERT INTO statement_opened (decision_id, person_id)
    SELECT d.id, ${by.id}::uuid FROM decision d WHERE d.id = ${decisionId}::uuid AND d.state = 'proposed'
    ON CONFLICT (decision_id, person_id) DO NOTHING`;
  return { noted: made === 1 };
}
