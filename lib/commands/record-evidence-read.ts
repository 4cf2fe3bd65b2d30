import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/**
 * Puts on the trail that someone opened the raw bytes of a record, before they are shown. A person's first opening of
 * a record in an incident is a row besides, which the gate counts: the database writes the entry with that row.
 */
export async function recordEvidenceRead(
  db: Db,
  input: { incidentId: string | null; evidenceId: string },
  by: Actor,
): Promise<void> {
  await transact(db, by, async (tx) => {
    const rows = await tx.$queryRaw<{ position: number | null; sha256: string }[]>`
      SELECT position, encode(raw_sha256, 'hex') AS sha256 FROM evidence_item
      WHERE id = ${input.evidenceId}::uuid AND incident_id IS NOT DISTINCT FROM ${input.incidentId}::uuid`;
    const item = rows[0];
    if (!item) throw new Problem("evidence_not_found", 404, "There is no such record here.");
    if (await isFirstOpening(tx, input, by)) return;
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

type Opening = { incidentId: string | null; evidenceId: string };

/** Whether this made the row that says so. */
async function isFirstOpening(tx: Tx, opening: Opening, by: Actor): Promise<boolean> {
  const { incidentId, evidenceId } = opening;
  if (by.kind !== "person" || incidentId === null) return false;
  const made = await tx.$executeRaw`
    INSERT INTO evidence_opened (person_id, evidence_item_id, incident_id)
    VALUES (${by.id}::uuid, ${evidenceId}::uuid, ${incidentId}::uuid) ON CONFLICT DO NOTHING`;
  return made === 1;
}
