import type { Db } from "#lib/db/prisma.ts";
import { transactOnce } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "../actor.ts";
import { withGuards } from "../guard-problem.ts";

/** Has the worker ask the system once more what came of a run; nothing that acts is sent. Throws Problem 404, 409. */
export async function checkResponseAgain(
  db: Db,
  { runId }: { runId: string },
  by: Actor,
): Promise<{ id: string }> {
  const [row] = await withGuards(() =>
    transactOnce(
      by,
      (claims) => db.$queryRaw<{ asked: boolean }[]>`
      SELECT gate.check_response_again(${runId}::uuid, ${by.id}::uuid) AS asked FROM ${claims}`,
    ),
  );
  if (row?.asked !== true)
    throw new Problem("response_not_sent", 409, "Nothing was sent that could be asked about.");
  return { id: runId };
}
