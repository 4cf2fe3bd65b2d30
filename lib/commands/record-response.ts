import { transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

export type ResponseOutcome = "dispatched" | "verified" | "failed" | "unknown";

/** Records what came of one action of a containment in effect. The database writes the trail. */
export async function recordResponse(
  db: Db,
  input: {
    decisionId: string;
    action: string;
    target: string;
    outcome: ResponseOutcome;
    detail: string | null;
  },
  by: Actor,
): Promise<{ id: string; outcome: ResponseOutcome }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const { decisionId, action, target, outcome, detail } = input;
      const run = await tx.responseRun.findFirst({
        where: { decisionId, action, target },
        select: { id: true },
      });
      if (!run)
        throw new Problem(
          "response_not_found",
          404,
          "This decision names no such action and target.",
        );
      const person = by.kind === "person" ? by.id : null;
      await tx.$queryRaw`
        SELECT gate.record_response(${run.id}::uuid, ${person}::uuid, ${outcome}, ${detail})::text`;
      return { id: run.id, outcome };
    }),
  );
}
