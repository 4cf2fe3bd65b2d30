import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { exportLine } from "#lib/trail/line.ts";
import { trailRows, trailSize } from "./trail-rows.ts";

/**
 * The trail as JSONL, one entry a line without its line end, of one incident or of everything, oldest first.
 * Ends with the entries there were when it began.
 */
export async function* exportTrail(
  db: Db,
  { incidentId }: { incidentId?: string } = {},
): AsyncGenerator<string> {
  const condition = incidentId ? Prisma.sql`e.incident_id = ${incidentId}::uuid` : Prisma.sql`true`;
  for await (const row of trailRows(db, { condition, end: await trailSize(db) }))
    yield exportLine(row);
}
