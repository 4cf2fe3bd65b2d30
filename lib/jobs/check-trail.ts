import { recordTrailCheck } from "#lib/commands/record-trail-check.ts";
import type { Db } from "#lib/db/prisma.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { isTrailCheckDue } from "#lib/queries/last-trail-check.ts";
import { checkTrailApart } from "./apart.ts";
import type { WorkerLog } from "./worker-log.ts";

export type CheckContext = {
  log: WorkerLog;
  signal: AbortSignal;
  /** The database by its address, for a process with little memory that checks; without it, it is done here. */
  databaseUrl?: string | undefined;
};

/**
 * Once a day: makes the whole trail anew from its bytes, compares, and puts on the trail what was found. False when none
 * is due. A worker that stops meanwhile leaves nothing behind, and the next begins again.
 */
export async function checkTrail(
  db: Db,
  { log, signal, databaseUrl }: CheckContext,
): Promise<boolean> {
  if (!(await isTrailCheckDue(db))) return false;
  const checking =
    databaseUrl === undefined
      ? checkWholeTrail(db, { signal })
      : checkTrailApart(databaseUrl, signal);
  const results = await checking.catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (results === null) return false;
  await recordTrailCheck(db, results);
  const faults = results.filter(({ fault }) => fault !== null);
  if (faults.length > 0) log.error({ faults }, "the trail is not as it was written");
  return true;
}
