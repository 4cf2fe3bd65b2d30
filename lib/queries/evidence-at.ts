import type { Db } from "#lib/db/prisma.ts";

/** The id of the record at a position of an incident (12 for E12), or null when there is none. */
export async function evidenceAt(
  db: Db,
  incidentId: string,
  position: number,
): Promise<string | null> {
  const found = await db.evidenceItem.findUnique({
    where: { incidentId_position: { incidentId, position } },
    select: { id: true },
  });
  return found?.id ?? null;
}
