import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Puts on the trail that someone opened the raw bytes of a record, before they are shown. */
export async function recordEvidenceRead(
  db: Db,
  input: { incidentId: string | null; evidenceId: string },
  by: Actor,
): Promise<void> {
  await transact(db, async (tx) => {
    const rows = await tx.$queryRaw<{ position: number | null; sha256: string }[]>`
      SELECT position, encode(raw_sha256, 'hex') AS sha256 FROM evidence_item
      WHERE id = ${input.evidenceId}::uuid AND incident_id IS NOT DISTINCT FROM ${input.incidentId}::uuid`;
    const item = rows[0];
    if (!item) throw new Problem("evidence_not_found", 404, "There is no such record here.");
    const payload = {
      evidenceId: input.evidenceId,
      label: item.position === null ? null : evidenceLabel(item.position),
      sha256: item.sha256,
    };
    await appendTrail(tx, {
      kind: "evidence.read",
      actor: actorText(by),
      incidentId: input.incidentId,
      payload,
    });
  });
}
