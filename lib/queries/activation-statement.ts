import { createHash } from "node:crypto";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";

export type ActivationStatement = { statement: string; statementSha256: string };

/**
 * What an activation would sign now, as the database will rebuild it: canonical JSON and its digest (hex). Throws
 * Problem `not_found` 404.
 */
export async function activationStatement(
  db: Db,
  input: { configId: string; evaluationId: string; reason: string },
): Promise<ActivationStatement> {
  const rows = await db.$queryRaw<{ statement: string | null }[]>`
    SELECT gate.activation_statement(${input.configId}::uuid, ${input.evaluationId}::uuid, ${input.reason}) AS statement`;
  const statement = rows[0]?.statement ?? null;
  if (statement === null)
    throw new Problem("not_found", 404, "There is no such model or evaluation.");
  return { statement, statementSha256: createHash("sha256").update(statement).digest("hex") };
}
