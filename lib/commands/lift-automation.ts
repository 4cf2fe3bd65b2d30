import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { proofOver } from "./proof-over.ts";

export type LiftAutomationInput = {
  stopId: string;
  reason: string;
  /** hex: the digest of the statement the signer was shown. */
  statementSha256: string;
  password: string;
};

/** What a lift of this stop signs, as the database makes it. Throws Problem 404 when there is no such stop. */
export async function liftStatement(
  db: Db,
  { stopId, reason }: { stopId: string; reason: string },
): Promise<{ ok: true; statement: string; statementSha256: string }> {
  const rows = await db.$queryRaw<{ statement: string | null; sha256: string | null }[]>`
    SELECT text AS statement, encode(sha256(convert_to(text, 'UTF8')), 'hex') AS sha256
    FROM gate.automation_lift_statement(${stopId}::uuid, ${reason}) AS text`;
  const { statement, sha256 } = rows[0] ?? {};
  if (!statement || !sha256) throw new Problem("not_found", 404, "There is no such stop.");
  return { ok: true, statement, statementSha256: sha256 };
}

/** Lifts a stop, signed by a lead or an admin. Throws Problem `password_wrong`, `statement_changed`, `role_too_low`. */
export async function liftAutomation(
  db: Db,
  input: LiftAutomationInput,
  by: Actor,
): Promise<{ ok: true }> {
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withGuards(() =>
    transact(db, by, async (tx) => {
      await tx.$queryRaw`SELECT gate.lift_automation(${by.id}::uuid, ${input.stopId}::uuid, ${sha256}::bytea,
        ${proof}::bytea, ${input.reason})::text`;
      return { ok: true };
    }),
  );
}
