import type { Db } from "#lib/db/prisma.ts";
import type { WorkerLog } from "./worker-log.ts";

const AT_ONCE = 100;

type Settling = { log: Pick<WorkerLog, "warn">; signal?: AbortSignal };

/**
 * Settles proposals that expired or went stale, each in a transaction of its own, page by page; the database decides
 * which, and writes them on the trail. One that somebody has in hand, or that fails, is left to the next time, and the
 * others go on. Returns how many it settled.
 */
export async function expireDecisions(db: Db, { log, signal }: Settling): Promise<number> {
  let settled = 0;
  let after: string | null = null;
  while (!signal?.aborted) {
    const page: { id: string }[] = await db.$queryRaw`
      SELECT id FROM gate.void_decisions(${after}::uuid, ${AT_ONCE}::int) AS id ORDER BY id`;
    for (const { id } of page) {
      if (signal?.aborted) break;
      if (await settle(db, id, log)) settled += 1;
    }
    if (page.length < AT_ONCE) break;
    after = page.at(-1)!.id;
  }
  return settled;
}

async function settle(db: Db, decision: string, log: Settling["log"]): Promise<boolean> {
  try {
    const rows = await db.$queryRaw<{ state: string | null }[]>`
      SELECT gate.settle_void(${decision}::uuid) AS state`;
    const state = rows[0]?.state ?? null;
    return state === "expired" || state === "stale";
  } catch (error) {
    log.warn({ decision, reason: (error as Error).message }, "a decision could not be settled");
    return false;
  }
}
