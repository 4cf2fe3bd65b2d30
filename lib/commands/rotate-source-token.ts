import { newToken } from "#lib/db/new-token.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Gives a source a new token; the old one stops at once, and a revoked source may post again. */
export async function rotateSourceToken(
  db: Db,
  input: { sourceId: string },
  by: Actor,
): Promise<{ id: string; token: string }> {
  const { token, sha256, hint } = newToken("cs_src");
  return transact(db, by, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
      UPDATE source SET token_sha256 = ${sha256}::bytea, token_hint = ${hint}, active = true
      WHERE id = ${input.sourceId}::uuid RETURNING id, name`;
    const source = rows[0];
    if (!source) throw new Problem("source_not_found", 404, "There is no such source.");
    const payload = { source: source.id, name: source.name, tokenHint: hint };
    await appendTrail(tx, {
      kind: "source.token_rotated",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
    return { id: source.id, token };
  });
}
