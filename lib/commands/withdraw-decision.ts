import { transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionState } from "#lib/domain/decision/decision.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/** Takes back one's own open proposal. Answers with the state it is in: an expired one is settled as expired. */
export async function withdrawDecision(
  db: Db,
  input: { decisionId: string; reason?: string },
  by: Actor,
): Promise<{ state: DecisionState }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ answer: { state: DecisionState } }[]>`
        SELECT gate.withdraw_decision(${input.decisionId}::uuid, ${by.id}::uuid, ${input.reason ?? null}) AS answer`;
      return { state: rows[0]?.answer.state ?? "withdrawn" };
    }),
  );
}
