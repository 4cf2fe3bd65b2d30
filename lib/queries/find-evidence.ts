import type { Db } from "#lib/db/prisma.ts";
import type { EvidenceView } from "#lib/contracts/views.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import { isByHand } from "#lib/domain/evidence/by-hand.ts";
import { instructionSigns } from "#lib/domain/evidence/instruction-like.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { RecordKind, TimeQuality } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { hex, iso } from "./shape.ts";

export type EvidenceRow = {
  id: string;
  position: number | null;
  incident_id: string | null;
  kind: RecordKind;
  format: string;
  source: string;
  time: Date | null;
  time_quality: TimeQuality;
  received_at: Date;
  severity: Severity | null;
  title: string;
  fields: Fields;
  raw_sha256: Uint8Array;
};

/** A file that somebody added may be bigger than what a browser can lay out as text. */
const HAND_SHOWN_BYTES = 262_144;

type OpenedRow = EvidenceRow & { raw: Uint8Array; instruction_like: number };

/** One record with its raw bytes. The door that shows them puts the reading on the trail first. */
export async function findEvidence(db: Db, evidenceId: string): Promise<EvidenceView | null> {
  const rows = await db.$queryRaw<OpenedRow[]>`
    SELECT e.id, e.position, e.incident_id, e.kind, e.format, s.name AS source, e.time, e.time_quality, e.received_at,
           e.severity, e.title, e.fields, e.raw_sha256, e.raw, e.instruction_like
    FROM evidence_item e JOIN source s ON s.id = e.source_id WHERE e.id = ${evidenceId}::uuid`;
  const row = rows[0];
  if (!row) return null;
  const bytes = Buffer.from(row.raw);
  const isCut = isByHand(row.format) && bytes.length > HAND_SHOWN_BYTES;
  const raw = decodeRaw(isCut ? bytes.subarray(0, HAND_SHOWN_BYTES) : bytes);
  // Broken bytes become U+FFFD, so the text no longer makes the bytes.
  const isBroken = !isCut && !Buffer.from(raw).equals(bytes);
  return {
    ...asEvidence(row),
    raw,
    rawBase64: isBroken ? bytes.toString("base64") : null,
    bytes: bytes.length,
    shownBytes: isCut ? HAND_SHOWN_BYTES : null,
    instructionLike: row.instruction_like > 0 ? instructionSigns(bytes) : [],
  };
}

/** The bytes of a record of this incident alone, to be taken away as a file; null when there is none. */
export async function findEvidenceBytes(
  db: Db,
  { incidentId, evidenceId }: { incidentId: string; evidenceId: string },
): Promise<{ label: string; bytes: Uint8Array } | null> {
  const row = await db.evidenceItem.findFirst({
    where: { id: evidenceId, incidentId },
    select: { position: true, raw: true },
  });
  return row && { label: evidenceLabel(row.position ?? 0), bytes: row.raw };
}

/** Raw bytes as text, the same way the offsets of citations were counted. */
export function decodeRaw(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

export function asEvidence(
  row: EvidenceRow,
): Omit<EvidenceView, "raw" | "rawBase64" | "bytes" | "shownBytes" | "instructionLike"> {
  return {
    id: row.id,
    label: row.position === null ? "" : evidenceLabel(row.position),
    incidentId: row.incident_id,
    kind: row.kind,
    format: row.format,
    source: row.source,
    time: iso(row.time),
    timeQuality: row.time_quality,
    receivedAt: iso(row.received_at),
    severity: row.severity,
    title: row.title,
    fields: row.fields,
    sha256: hex(row.raw_sha256),
  };
}
