import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { AutomationRuleInput } from "#lib/domain/decision/automation.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { proofOver } from "./proof-over.ts";

export type ProposeAutomationInput = {
  /** In the order in which they are tried; none: nothing runs by itself. */
  rules: AutomationRuleInput[];
  doubtPercent: number;
  reason: string;
};

/** Writes rules down to be signed; they count for nothing until enough admins have. Throws Problem `role_too_low`. */
export async function proposeAutomation(
  db: Db,
  { rules, doubtPercent, reason }: ProposeAutomationInput,
  by: Actor,
): Promise<{ version: number }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ version: number }[]>`
        SELECT gate.propose_automation(${by.id}::uuid, ${JSON.stringify(rules)}::jsonb, ${doubtPercent}::int, ${reason}) AS version`;
      return { version: rows[0]!.version };
    }),
  );
}

export type SignAutomationInput = {
  version: number;
  /** hex: the digest of the statement the signer was shown. */
  statementSha256: string;
  password: string;
};

/** Where a version stands after a signature; null: signatures are missing. */
type Signed = { state: "in_force" | "scheduled" | "proposed"; effectiveAt: string | null };

/**
 * Signs a version of the rules; the last signature it needs puts it in force, or lets it wait when it lets more run than
 * before. Throws Problem `password_wrong`,
 * `statement_changed`, `role_too_low`, `rules_overtaken`.
 */
export async function signAutomation(
  db: Db,
  input: SignAutomationInput,
  by: Actor,
): Promise<{ ok: true } & Signed> {
  const { sha256, proof } = await proofOver(db, input, by.id);
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ answer: Signed }[]>`
        SELECT gate.sign_automation(${by.id}::uuid, ${input.version}::int, ${sha256}::bytea, ${proof}::bytea) AS answer`;
      return { ok: true, ...rows[0]!.answer } as const;
    }),
  ).catch((error: unknown) => {
    if (!(error instanceof Problem) || !["stale", "not_open"].includes(error.code)) throw error;
    const message =
      "Other rules were put in force meanwhile, or these were withdrawn or have waited for more than a day. Write them anew on what stands now.";
    throw new Problem("rules_overtaken", 409, message);
  });
}
