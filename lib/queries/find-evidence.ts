import type { Db } from "#lib/db/prisma.ts";
import type { EvidenceView } from "#lib/contracts/views.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
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
  const raw = decodeRaw(bytes);
  // Broken bytes become U+FFFD, so the text no longer makes the bytes.
  const rawBase64 = Buffer.from(raw).equals(bytes) ? null : bytes.toString("base64");
  const instructionLike = row.instruction_like > 0 ? instructionSigns(bytes) : [];
  return { ...asEvidence(row), raw, rawBase64, instructionLike };
}

/** Raw bytes as text, the same way the offsets of citations were counted. */
export function decodeRaw(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

export function asEvidence(
  row: EvidenceRow,
): Omit<EvidenceView, "raw" | "rawBase64" | "instructionLike"> {
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
