import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { actorText, type Actor } from "./actor.ts";

export type PublishPromptInput = { name: string; version: number; reason: string; text: string };

/**
 * Makes a prompt version known, once; a published one never changes. Publishing the same again does nothing.
 * Throws when the text differs from the one published under this name and version.
 */
export async function publishPrompt(db: Db, input: PublishPromptInput, by: Actor): Promise<void> {
  const { name, version, reason, text } = input;
  const digest = sha256(text);
  await transact(db, by, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.prompt'))::text`;
    const known = await tx.promptVersion.findUnique({
      where: { name_version: { name, version } },
      select: { sha256: true },
    });
    if (known && digest.equals(known.sha256)) return;
    if (known)
      throw new Error(
        `prompt ${name}/${version} is published with another text; a change is a new version`,
      );
    await tx.promptVersion.create({
      data: { name, version, reason, text, sha256: new Uint8Array(digest) },
    });
    const payload = { name, version, reason, sha256: digest.toString("hex") };
    await appendTrail(tx, {
      kind: "prompt.published",
      actor: actorText(by),
      incidentId: null,
      payload,
    });
  });
}
