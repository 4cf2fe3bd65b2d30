import type { Db } from "#lib/db/prisma.ts";

/**
 * Takes autonomy back for an incident whose evidence reads like orders, or of whose claims too many do not hold. The
 * gate looks for itself. Null when there is no such doubt, or a stop stands.
 */
export async function stopDoubtful(db: Db, incidentId: string): Promise<string | null> {
  const rows = await db.$queryRaw<{ id: string | null }[]>`
    SELECT gate.stop_doubtful(${incidentId}::uuid) AS id`;
  return rows[0]?.id ?? null;
}
