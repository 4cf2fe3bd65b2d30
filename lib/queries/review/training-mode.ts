import type { Db } from "#lib/db/prisma.ts";

/** Since when this person lets leads see figures of their own; null: they do not. */
export async function trainingSince(db: Db, personId: string): Promise<string | null> {
  const row = await db.trainingMode.findUnique({ where: { personId }, select: { at: true } });
  return row?.at.toISOString() ?? null;
}
