import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Ends a source's right to post; what it brought stays. */
export async function revokeSource(
  db: Db,
  input: { sourceId: string },
  by: Actor,
): Promise<{ id: string }> {
  return transact(db, by, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
      UPDATE source SET token_sha256 = NULL, token_hint = NULL, active = false
      WHERE id = ${input.sourceId}::uuid RETURNING id, name`;
    const source = rows[0];
    if (!source) throw new Problem("source_not_found", 404, "There is no such source.");
    const payload = { source: source.id, name: source.name };
    await appendTrail(tx, {
      kind: "source.revoked",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
    return { id: source.id };
  });
}
