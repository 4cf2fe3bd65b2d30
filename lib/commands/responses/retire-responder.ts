import type { Db } from "#lib/db/prisma.ts";
import { transactOnce } from "#lib/db/transaction.ts";
import type { Actor } from "../actor.ts";
import { withGuards } from "../guard-problem.ts";

/** Ends a responder: nothing more is asked of it, and its token opens nothing. The database writes the trail. */
export async function retireResponder(
  db: Db,
  { responderId }: { responderId: string },
  by: Actor,
): Promise<{ id: string }> {
  await withGuards(() =>
    transactOnce(
      by,
      (claims) =>
        db.$queryRaw`SELECT gate.retire_responder(${responderId}::uuid, ${by.id}::uuid)::text FROM ${claims}`,
    ),
  );
  return { id: responderId };
}
