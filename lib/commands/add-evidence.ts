import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { TrailEntryInput } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { HAND_RECORDS_MAX, HAND_TOTAL_BYTES_MAX, sizeWords } from "#lib/domain/evidence/by-hand.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { PersonActor } from "./actor.ts";
import { handSource } from "./ingest/hand-source.ts";
import { isPrepared, prepareRecord } from "./ingest/prepare.ts";
import type { PreparedRecord } from "./ingest/prepare.ts";
import { settleByHand } from "./ingest/settle-batch.ts";
import { lockIncident } from "./lock-incident.ts";

export type AddEvidence = {
  incidentId: string;
  bytes: Uint8Array;
  /** The bytes in normal form, as `lib/connectors/sources/by-hand.ts` reads them. */
  record: NormalRecord;
};
export type AddedEvidence = {
  id: string;
  /** E12 */
  label: string;
  /** Hex. */
  sha256: string;
};

/**
 * Adds one record to an incident because a person brings it: evidence like any other, whose source names them. Throws
 * Problem 409 `incident_closed`, `evidence_known` (the same bytes are there; `label` and `evidenceId` say where), or
 * `by_hand_full`; 422 `evidence_empty`; 403 `not_allowed`.
 */
export async function addEvidence(
  db: Db,
  { incidentId, bytes, record }: AddEvidence,
  by: PersonActor,
): Promise<AddedEvidence> {
  if (bytes.length === 0)
    throw new Problem("evidence_empty", 422, "There is nothing in it: add at least one byte.");
  const prepared = prepareByHand(bytes, record, (sha256) => `${incidentId}:${sha256}`);
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, incidentId);
    const source = await handSource(tx, by, "evidence:add");
    if (incident.status === "closed") {
      throw new Problem(
        "incident_closed",
        409,
        "This incident is closed, so nothing is added to it. Propose its reopening first.",
      );
    }
    await refuseKnown(tx, incidentId, prepared.sha256);
    await refuseFull(tx, incidentId, bytes.length);
    const actor = actorText(by);
    const records = [prepared];
    await settleByHand(tx, { source, actor, requestKey: null, records, incidentId });
    const { added, entry } = await placeOfAdded(tx, { incident, prepared, actor });
    await appendTrail(tx, entry);
    return added;
  });
}

/** A source has each record key once: `keyOf` keeps the same bytes (their sha256 in hex) apart in several incidents. */
export function prepareByHand(
  bytes: Uint8Array,
  record: NormalRecord,
  keyOf: (sha256: string) => string,
): PreparedRecord {
  const keyed = prepareRecord({ index: 0, bytes }, "auto", () => ({ ok: true, record }));
  if (!isPrepared(keyed)) throw new Error("what was read by hand was not prepared");
  return { ...keyed, recordKey: keyOf(keyed.sha256.toString("hex")) };
}

async function refuseKnown(tx: Tx, incidentId: string, sha256: Buffer): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string; position: number }[]>`
    SELECT id, position FROM evidence_item
    WHERE incident_id = ${incidentId}::uuid AND raw_sha256 = ${sha256}::bytea ORDER BY position LIMIT 1`;
  const known = rows[0];
  if (!known) return;
  const label = evidenceLabel(known.position);
  throw new Problem(
    "evidence_known",
    409,
    `These very bytes are ${label} of this incident already. Nothing was added.`,
    { label, evidenceId: known.id },
  );
}

async function refuseFull(tx: Tx, incidentId: string, size: number): Promise<void> {
  const rows = await tx.$queryRaw<{ records: number; bytes: number }[]>`
    SELECT count(*)::int AS records, coalesce(sum(octet_length(e.raw)), 0)::float8 AS bytes
    FROM source s JOIN evidence_item e ON e.source_id = s.id AND e.incident_id = ${incidentId}::uuid
    WHERE s.person_id IS NOT NULL`;
  const { records, bytes } = rows[0]!;
  if (records < HAND_RECORDS_MAX && bytes + size <= HAND_TOTAL_BYTES_MAX) return;
  throw new Problem(
    "by_hand_full",
    409,
    `An incident takes at most ${HAND_RECORDS_MAX} records by hand, and ${sizeWords(HAND_TOTAL_BYTES_MAX)} in all. Nothing was added.`,
  );
}

type Added = {
  incident: { id: string; number: number };
  prepared: PreparedRecord;
  actor: string;
};

/** Where the record stands now, and what the trail says of that. */
export async function placeOfAdded(
  tx: Tx,
  { incident, prepared, actor }: Added,
): Promise<{ added: AddedEvidence; entry: TrailEntryInput }> {
  const { position } = await tx.evidenceItem.findUniqueOrThrow({
    where: { id: prepared.id },
    select: { position: true },
  });
  const label = evidenceLabel(position ?? 0);
  const sha256 = prepared.sha256.toString("hex");
  const { format, title } = prepared.record;
  const number = incidentNumber(incident.number);
  const bytes = prepared.bytes.length;
  const payload = { evidenceId: prepared.id, label, format, title, bytes, sha256, number };
  return {
    added: { id: prepared.id, label, sha256 },
    entry: { kind: "evidence.added", actor, incidentId: incident.id, payload },
  };
}
