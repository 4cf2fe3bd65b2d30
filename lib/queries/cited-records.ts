import type { Db } from "#lib/db/prisma.ts";
import type { CitedRecordView } from "#lib/contracts/review-views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";

type Row = {
  id: string;
  position: number | null;
  kind: RecordKind;
  title: string;
  opened: { personId: string; name: string; at: string }[];
};

type Asked = { incidentId: string; decisionId: string; personId: string };

/**
 * The records that the gate would ask a signer of this incident to have opened, by position, with who of the reader
 * and the decision's signers did. One statement.
 */
export async function listCitedRecords(db: Db, asked: Asked): Promise<CitedRecordView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT e.id, e.position, e.kind, e.title,
           coalesce((SELECT jsonb_agg(jsonb_build_object('personId', o.person_id, 'name', p.name, 'at', o.at) ORDER BY o.at)
                     FROM evidence_opened o JOIN person p ON p.id = o.person_id
                     WHERE o.evidence_item_id = e.id AND (o.person_id = ${asked.personId}::uuid
                       OR o.person_id IN (SELECT person_id FROM sign_off WHERE decision_id = ${asked.decisionId}::uuid))), '[]') AS opened
    FROM gate.cited_evidence(${asked.incidentId}::uuid) AS c (id) JOIN evidence_item e ON e.id = c.id
    ORDER BY e.position`;
  return rows.map(({ id, position, kind, title, opened }) => ({
    evidenceId: id,
    label: evidenceLabel(position ?? 0),
    kind,
    title,
    opened: opened.map(({ at, ...by }) => ({ ...by, at: new Date(at).toISOString() })),
  }));
}
