import type { Db } from "#lib/db/prisma.ts";

/** Settles proposals whose time ran out; the database decides which and writes them on the trail. Returns how many. */
export async function expireDecisions(db: Db): Promise<number> {
  const rows = await db.$queryRaw<
    { expired: number }[]
  >`SELECT gate.expire_decisions()::int AS expired`;
  return rows[0]?.expired ?? 0;
}
