import type { RecordEntry } from "#lib/contracts/thread-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { recordEntry } from "./thread-entries.ts";
import { RECORD_COLUMNS } from "./thread-sql.ts";
import type { RecordRow } from "./thread-sql.ts";

/** What the lines of the thread say of these records of an incident (E12 as 12), by place; of others nothing. */
export async function threadRecords(
  db: Db,
  incidentId: string,
  positions: readonly number[],
): Promise<RecordEntry[]> {
  if (positions.length === 0) return [];
  return read(db, incidentId, Prisma.sql`e.position = ANY(${positions}::int[])`);
}

/** The same of one record by its id; none when it is not of this incident. */
export async function threadRecordsById(
  db: Db,
  incidentId: string,
  evidenceId: string,
): Promise<RecordEntry[]> {
  return read(db, incidentId, Prisma.sql`e.id = ${evidenceId}::uuid`);
}

async function read(db: Db, incidentId: string, which: Prisma.Sql): Promise<RecordEntry[]> {
  const rows = await db.$queryRaw<RecordRow[]>`
    SELECT ${RECORD_COLUMNS}
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id = ${incidentId}::uuid AND ${which}
    ORDER BY e.position`;
  return rows.map(recordEntry);
}
