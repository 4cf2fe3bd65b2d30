import { mergedInto } from "#lib/db/merged-into.ts";
import type { PinView } from "#lib/contracts/thread-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { recordEntry } from "./thread-entries.ts";
import { RECORD_COLUMNS } from "./thread-sql.ts";
import type { RecordRow } from "./thread-sql.ts";

/** What is pinned in an incident, in order of the thread; a pin came along when its incident was merged into this. */
export async function listPins(db: Db, incidentId: string): Promise<PinView[]> {
  const rows = await db.$queryRaw<(RecordRow & { by: PersonView; pinned_at: Date })[]>`
    SELECT ${RECORD_COLUMNS}, person_view(o) AS by, p.at AS pinned_at
    ${standing(incidentId)} JOIN source s ON s.id = e.source_id JOIN person o ON o.id = p.person_id
    WHERE u.pin_id IS NULL
    ORDER BY coalesce(e.time, e.received_at), e.position`;
  return rows.map((row) => ({
    record: recordEntry(row),
    by: row.by,
    at: row.pinned_at.toISOString(),
  }));
}

/** The places of those records, ascending. */
export async function pinnedPositions(db: Db, incidentId: string): Promise<number[]> {
  const rows = await db.$queryRaw<{ position: number }[]>`
    SELECT e.position ${standing(incidentId)} WHERE u.pin_id IS NULL ORDER BY 1`;
  return rows.map(({ position }) => position);
}

function standing(incidentId: string): Prisma.Sql {
  return Prisma.sql`
    FROM (${mergedInto(incidentId)}) i
    JOIN record_pin p ON p.incident_id = i.id
    JOIN evidence_item e ON e.id = p.evidence_item_id AND e.incident_id = ${incidentId}::uuid
    LEFT JOIN record_unpin u ON u.pin_id = p.id`;
}
