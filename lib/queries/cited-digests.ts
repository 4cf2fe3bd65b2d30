import type { CitedDigestView } from "#lib/contracts/paper-views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import type { Db } from "#lib/db/prisma.ts";

/** Records that the appendix of a printed incident lists. */
export const CITED_MAX = 500;

type Row = {
  id: string;
  position: number | null;
  kind: RecordKind;
  title: string;
  source: string;
  time: Date | null;
  receivedAt: Date;
  sha256: string;
};

/** The records of an incident that its current summaries cite, by position, with the digest of their raw bytes. */
export async function citedDigests(db: Db, incidentId: string): Promise<CitedDigestView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT DISTINCT e.id, e.position, e.kind, e.title, s.name AS source, e.time, e.received_at AS "receivedAt",
           encode(e.raw_sha256, 'hex') AS sha256
    FROM (SELECT DISTINCT ON (origin) id FROM summary
          WHERE incident_id = ${incidentId}::uuid ORDER BY origin, version DESC) u
    JOIN claim k ON k.summary_id = u.id JOIN citation c ON c.claim_id = k.id
    JOIN evidence_item e ON e.id = c.evidence_id AND e.incident_id = ${incidentId}::uuid JOIN source s ON s.id = e.source_id
    ORDER BY e.position, e.id LIMIT ${CITED_MAX}::int`;
  return rows.map(({ id, position, time, receivedAt, ...row }) => ({
    ...row,
    evidenceId: id,
    label: evidenceLabel(position ?? 0),
    time: time?.toISOString() ?? null,
    receivedAt: receivedAt.toISOString(),
  }));
}
