import type { Db } from "#lib/db/prisma.ts";
import type { SourceView } from "#lib/contracts/views.ts";
import { iso } from "./shape.ts";

type Row = {
  id: string;
  name: string;
  format: string;
  sensitivity: string;
  active: boolean;
  token_hint: string | null;
  created_at: Date;
  last_record_at: Date | null;
  records: number;
  dead_letters: number;
};

/** Counting a source's records stops here. */
export const SOURCE_COUNT_MAX = 100_000;

export async function listSources(db: Db): Promise<SourceView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT s.id, s.name, s.format, s.sensitivity, s.active, s.token_hint, s.created_at,
           (SELECT e.received_at FROM evidence_item e WHERE e.source_id = s.id
            ORDER BY e.received_at DESC LIMIT 1) AS last_record_at,
           (SELECT count(*)::int FROM (SELECT FROM evidence_item e WHERE e.source_id = s.id
            LIMIT ${SOURCE_COUNT_MAX}::int) n) AS records,
           (SELECT count(*)::int FROM (SELECT FROM dead_letter d WHERE d.source_id = s.id
            LIMIT ${SOURCE_COUNT_MAX}::int) n) AS dead_letters
    FROM source s WHERE s.person_id IS NULL ORDER BY s.name LIMIT 500`;
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    format: row.format,
    sensitivity: row.sensitivity,
    active: row.active,
    tokenHint: row.token_hint,
    createdAt: iso(row.created_at),
    lastRecordAt: iso(row.last_record_at),
    records: row.records,
    deadLetters: row.dead_letters,
  }));
}
