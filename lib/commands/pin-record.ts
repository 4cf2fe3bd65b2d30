import { randomUUID } from "node:crypto";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { Problem } from "#lib/domain/problem.ts";
import { PINS_MAX } from "#lib/domain/thread/pins.ts";
import { mergedInto } from "#lib/db/merged-into.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";

export type PinRecordInput = {
  incidentId: string;
  evidenceId: string;
  /** False takes the pin off. */
  pinned: boolean;
};

/**
 * Pins a record of an incident for everybody, or takes its pin off; what is so already stays so, with no entry.
 * Throws Problem `evidence_not_found` 404, or `pins_full` 409 when as many are pinned as there may be.
 */
export async function pinRecord(db: Db, input: PinRecordInput, by: Actor): Promise<void> {
  await transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    const { position, pinId, pins } = await standingOf(tx, input);
    if (position === null)
      throw new Problem("evidence_not_found", 404, "There is no such record here.");
    if ((pinId !== null) === input.pinned) return;
    if (input.pinned && pins >= PINS_MAX) {
      throw new Problem(
        "pins_full",
        409,
        `${PINS_MAX} records are pinned in this incident. Take a pin off first.`,
      );
    }
    if (pinId === null) {
      await tx.$executeRaw`
        INSERT INTO record_pin (id, incident_id, evidence_item_id, person_id)
        VALUES (${randomUUID()}::uuid, ${incident.id}::uuid, ${input.evidenceId}::uuid, ${by.id}::uuid)`;
    } else {
      await tx.$executeRaw`
        INSERT INTO record_unpin (pin_id, person_id) VALUES (${pinId}::uuid, ${by.id}::uuid)`;
    }
    await announce(tx, incident.id);
    await appendTrail(tx, {
      kind: input.pinned ? "evidence.pinned" : "evidence.unpinned",
      actor: actorText(by),
      incidentId: incident.id,
      payload: { evidenceId: input.evidenceId, label: evidenceLabel(position) },
    });
  });
}

type Standing = { position: number | null; pinId: string | null; pins: number };

async function standingOf(tx: Tx, { incidentId, evidenceId }: PinRecordInput): Promise<Standing> {
  const rows = await tx.$queryRaw<Standing[]>`
    WITH open AS (
      SELECT p.id, p.evidence_item_id FROM record_pin p
      JOIN evidence_item e ON e.id = p.evidence_item_id AND e.incident_id = ${incidentId}::uuid
      WHERE p.incident_id IN (${mergedInto(incidentId)})
        AND NOT EXISTS (SELECT FROM record_unpin u WHERE u.pin_id = p.id)
    )
    SELECT (SELECT position FROM evidence_item
            WHERE id = ${evidenceId}::uuid AND incident_id = ${incidentId}::uuid) AS position,
           (SELECT id FROM open WHERE evidence_item_id = ${evidenceId}::uuid LIMIT 1) AS "pinId",
           (SELECT count(*)::int FROM open) AS pins`;
  return rows[0]!;
}
