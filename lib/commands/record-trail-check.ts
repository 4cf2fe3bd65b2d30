import { NOBODY } from "#lib/db/acting.ts";
import type { Db } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { FsckResult } from "#lib/trail/fsck.ts";

/** Tells on the trail what a check of the whole trail found; it stays the last word until the next. */
export async function recordTrailCheck(db: Db, results: FsckResult[]): Promise<void> {
  const faults = results.flatMap(({ check, fault }) => (fault === null ? [] : [{ check, fault }]));
  const entries = results.find(({ check }) => check === "lines")?.n ?? 0;
  await transact(db, NOBODY, (tx) =>
    appendTrail(tx, {
      kind: "trail.checked",
      actor: "system:worker",
      incidentId: null,
      payload: { entries, faults },
    }),
  );
}
