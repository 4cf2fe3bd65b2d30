import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * Ends rules before they take effect; what is in force stays. Throws Problem: `rules_not_open`, `not_found`,
 * `role_too_low`.
 */
export async function withdrawAutomation(
  db: Db,
  { version, reason }: { version: number; reason: string },
  by: Actor,
): Promise<{ ok: true }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT gate.withdraw_automation(${by.id}::uuid, ${version}::int, ${reason})::text AS done`;
      return { ok: true } as const;
    }),
  ).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== "not_open") throw error;
    throw new Problem("rules_not_open", 409, "These rules are in force or ended already.");
  });
}
