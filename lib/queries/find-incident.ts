import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { hex, iso } from "./shape.ts";
import { asQueueRow, INCIDENT_COLUMNS } from "./incident-row.ts";
import type { IncidentRow } from "./incident-row.ts";

type HeadRow = IncidentRow & {
  version: bigint;
  evidence_root: Uint8Array;
  claims_hash: Uint8Array;
  first_evidence_at: Date | null;
  last_evidence_at: Date | null;
  evidence_count: number;
  record_count: number;
  merged_into_id: string | null;
  merged_number: number | null;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One incident by its id, its number or `INC-000123`; null when there is none. A merged one says into which. */
export async function findIncident(db: Db, idOrNumber: string): Promise<IncidentHead | null> {
  const number = parseIncidentNumber(idOrNumber);
  const byId = UUID.test(idOrNumber);
  if (!byId && (number === null || number > 2_147_483_647)) return null;
  const condition = byId
    ? Prisma.sql`i.id = ${idOrNumber}::uuid`
    : Prisma.sql`i.number = ${number}::int`;
  const rows = await db.$queryRaw<HeadRow[]>`
    SELECT ${INCIDENT_COLUMNS}, i.version, i.evidence_root, i.claims_hash, i.first_evidence_at, i.last_evidence_at,
           i.evidence_count, i.evidence_count - b.places AS record_count, i.merged_into_id, m.number AS merged_number
    FROM incident i LEFT JOIN person p ON p.id = i.assignee_id LEFT JOIN incident m ON m.id = i.merged_into_id
    CROSS JOIN LATERAL (
      SELECT (count(*) + count(u.split_id) + coalesce(sum(s.count) FILTER (WHERE u.split_id IS NULL), 0))::int AS places
      FROM incident_split s LEFT JOIN incident_unsplit u ON u.split_id = s.id WHERE s.from_id = i.id) AS b
    WHERE ${condition}`;
  const row = rows[0];
  return row ? asHead(row) : null;
}

function asHead(row: HeadRow): IncidentHead {
  const { merged_into_id: mergedId, merged_number: mergedNumber } = row;
  return {
    ...asQueueRow(row),
    version: String(row.version),
    evidenceRoot: hex(row.evidence_root),
    claimsHash: hex(row.claims_hash),
    firstEvidenceAt: iso(row.first_evidence_at),
    lastEvidenceAt: iso(row.last_evidence_at),
    evidenceCount: row.evidence_count,
    recordCount: row.record_count,
    mergedInto: mergedId ? { id: mergedId, number: incidentNumber(mergedNumber ?? 0) } : null,
  };
}
