import type { Db } from "#lib/db/prisma.ts";
import type { InstructionLikeView } from "#lib/contracts/views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";

const LISTED_MAX = 10;

type Row = {
  summary_id: string;
  id: string;
  position: number;
  title: string;
  cited: boolean;
  count: number;
};

/** Which of the records that each summary was written from hold text that reads like an instruction. */
export async function instructionLikeOf(
  db: Db,
  summaryIds: string[],
): Promise<ReadonlyMap<string, InstructionLikeView>> {
  const rows = await db.$queryRaw<Row[]>`
    WITH cited AS (
      SELECT DISTINCT c.summary_id, t.evidence_id FROM citation t JOIN claim c ON c.id = t.claim_id
      WHERE c.summary_id = ANY(${summaryIds}::uuid[]) AND t.evidence_id IS NOT NULL
    ), found AS (
      SELECT s.id AS summary_id, e.id, e.position, e.title, cited.evidence_id IS NOT NULL AS cited,
             count(*) OVER (PARTITION BY s.id)::int AS count,
             row_number() OVER (PARTITION BY s.id ORDER BY cited.evidence_id IS NULL, e.position) AS place
      FROM summary s
      JOIN evidence_item e ON e.incident_id = s.incident_id AND e.instruction_like > 0
        AND e.position <= s.evidence_count
      LEFT JOIN cited ON cited.summary_id = s.id AND cited.evidence_id = e.id
      WHERE s.id = ANY(${summaryIds}::uuid[])
    )
    SELECT summary_id, id, position, title, cited, count FROM found
    WHERE place <= ${LISTED_MAX} ORDER BY summary_id, place`;
  const views = new Map<string, InstructionLikeView>();
  for (const { summary_id: summaryId, id, position, title, cited, count } of rows) {
    const view = views.get(summaryId) ?? { count, records: [] };
    view.records.push({ evidenceId: id, label: evidenceLabel(position), title, cited });
    views.set(summaryId, view);
  }
  return views;
}
