import { recordTrailCheck } from "#lib/commands/record-trail-check.ts";
import type { Db } from "#lib/db/prisma.ts";
import { checkWholeTrail } from "#lib/queries/check-whole-trail.ts";
import { isTrailCheckDue } from "#lib/queries/last-trail-check.ts";
import type { WorkerLog } from "./worker-log.ts";

/**
 * Once a day: makes the whole trail anew from its bytes, compares, and puts on the trail what was found. False when none
 * is due. A worker that stops meanwhile leaves nothing behind, and the next begins again.
 */
export async function checkTrail(
  db: Db,
  { log, signal }: { log: WorkerLog; signal: AbortSignal },
): Promise<boolean> {
  if (!(await isTrailCheckDue(db))) return false;
  const results = await checkWholeTrail(db, { signal }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (results === null) return false;
  await recordTrailCheck(db, results);
  const faults = results.filter(({ fault }) => fault !== null);
  if (faults.length > 0) log.error({ faults }, "the trail is not as it was written");
  return true;
}
