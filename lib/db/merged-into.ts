import { Prisma } from "./generated/client.ts";

/** As many merges, one after another, as a pin is followed through. */
const MERGES_MAX = 100;

/** The ids of an incident and of all that were merged into it, at once or by way of others. */
export function mergedInto(incidentId: string): Prisma.Sql {
  return Prisma.sql`
    WITH RECURSIVE way (id, merges) AS (
      SELECT ${incidentId}::uuid, 0
      UNION ALL
      SELECT m.id, way.merges + 1 FROM way JOIN incident m ON m.merged_into_id = way.id
      WHERE way.merges < ${MERGES_MAX}::int
    )
    SELECT id FROM way`;
}
