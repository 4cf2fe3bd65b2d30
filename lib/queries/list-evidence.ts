import type { Db } from "#lib/db/prisma.ts";
import type { EvidencePage } from "#lib/contracts/views.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { asEvidence } from "./find-evidence.ts";
import type { EvidenceRow } from "./find-evidence.ts";

const EVIDENCE_PAGE_MAX = 500;

/** The incident's records by position, without their raw bytes: each opening of those is on the trail. */
export async function listEvidence(
  db: Db,
  incidentId: string,
  cursor: string | null,
  limit: number,
): Promise<EvidencePage> {
  const size = Math.min(limit, EVIDENCE_PAGE_MAX);
  const after = cursor === null ? 0 : Number(decodeCursor(cursor).key);
  const rows = await db.$queryRaw<EvidenceRow[]>`
    SELECT e.id, e.position, e.incident_id, e.kind, e.format, s.name AS source, e.time, e.time_quality, e.received_at,
           e.severity, e.title, e.fields, e.raw_sha256
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id = ${incidentId}::uuid AND e.position > ${Number.isInteger(after) ? after : 0}::int
    ORDER BY e.position LIMIT ${size + 1}::int`;
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    evidence: page.map(asEvidence),
    nextCursor: rows.length > size && last ? encodeCursor(String(last.position), last.id) : null,
  };
}
