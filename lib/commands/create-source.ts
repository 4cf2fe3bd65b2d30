import { newToken } from "#lib/db/new-token.ts";
import { appendTrail, sqlState, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { handSourceName } from "#lib/domain/evidence/by-hand.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

export type CreateSource = { name: string; format: SourceFormat; sensitivity?: string };

/** Adds a source. Its token is in the answer and nowhere else afterwards. */
export async function createSource(
  db: Db,
  input: CreateSource,
  by: Actor,
): Promise<{ id: string; token: string }> {
  const name = storableText(input.name).trim();
  if (name.toLowerCase().startsWith(handSourceName("").toLowerCase())) {
    throw new Problem(
      "source_name_kept",
      422,
      "Names that begin with “By hand:” are kept for what people add themselves. Choose another.",
    );
  }
  const { token, sha256, hint } = newToken("cs_src");
  const { format, sensitivity = "amber" } = input;
  try {
    return await transact(db, by, async (tx) => {
      const { id } = await tx.source.create({
        data: { name, format, sensitivity, tokenSha256: sha256, tokenHint: hint },
        select: { id: true },
      });
      const payload = { source: id, name, format, sensitivity, tokenHint: hint };
      await appendTrail(tx, {
        kind: "source.created",
        actor: actorText(by),
        incidentId: null,
        payload,
      });
      return { id, token };
    });
  } catch (error) {
    if (sqlState(error) !== "23505" && (error as { code?: string }).code !== "P2002") throw error;
    throw new Problem("source_name_taken", 409, "There is a source of this name already.", {
      internal: String(error),
    });
  }
}
