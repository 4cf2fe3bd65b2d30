import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";

/** A record of an incident as redaction sees it. */
export function recordOf(position: number, fields: Fields, title = "An event"): EvidenceRecord {
  return {
    id: `00000000-0000-7000-8000-${String(position).padStart(12, "0")}`,
    position,
    kind: "event",
    format: "windows-event",
    sourceId: "source-1",
    sourceName: "Security log",
    time: "2026-03-01T02:14:07.120Z",
    timeQuality: "exact",
    receivedAt: "2026-03-01T02:15:00.000Z",
    severity: null,
    title,
    fields,
  };
}

export function claimOf(parts: Partial<DraftClaim>): DraftClaim {
  return {
    text: "A claim.",
    kind: "observation",
    polarity: "affirmed",
    citations: [],
    predicates: [],
    ...parts,
  };
}
