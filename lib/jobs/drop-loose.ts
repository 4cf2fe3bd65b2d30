import type { Db } from "#lib/db/prisma.ts";
import { LOOSE_DAYS } from "#lib/domain/alert/rules.ts";

/** A statement drops at most so many: `gate.drop_loose`. */
const DROPPED_AT_ONCE = 5_000;

/**
 * Drops records that joined no incident within their time, piece by piece, each with its trail entry; the
 * database lets nothing else go. Returns how many.
 */
export async function dropLoose(db: Db, signal?: AbortSignal): Promise<number> {
  let total = 0;
  while (!signal?.aborted) {
    const rows = await db.$queryRaw<
      { dropped: number }[]
    >`SELECT gate.drop_loose(make_interval(days => ${LOOSE_DAYS}::int))::int AS dropped`;
    const dropped = rows[0]?.dropped ?? 0;
    total += dropped;
    if (dropped < DROPPED_AT_ONCE) break;
  }
  return total;
}
