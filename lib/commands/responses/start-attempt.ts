import type { Db } from "#lib/db/prisma.ts";

export type StartedAttempt = { number: number; key: string; mayHaveActed: boolean };

/** Begins an attempt at a run, with its trail entry, before anything leaves. The database says whether it may. */
export async function startAttempt(
  db: Db,
  { runId, responderId, worker }: { runId: string; responderId: string; worker: string },
): Promise<StartedAttempt> {
  const [row] = await db.$queryRaw<{ started: StartedAttempt }[]>`
    SELECT gate.start_attempt(${runId}::uuid, ${responderId}::uuid, ${worker}) AS started`;
  if (!row) throw new Error("gate.start_attempt returned nothing.");
  return row.started;
}
