import { RUN_CHANNEL } from "#lib/db/listen.ts";
import type { Db } from "#lib/db/prisma.ts";

/** Says that a run has new events, after their commit. A hint: who misses it reads the table anyway. */
export async function notify(db: Db, runId: string): Promise<void> {
  await db.$queryRaw`SELECT pg_notify(${RUN_CHANNEL}, ${runId})::text`.catch(() => undefined);
}
