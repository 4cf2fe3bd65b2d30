import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Puts on the trail that someone takes the trail away, before the first byte leaves. */
export async function recordExport(
  db: Db,
  input: {
    incidentId: string | null;
    format: string;
    decision?: string;
    /** What was taken, where it is not the trail, and by which filter. */
    what?: string;
    filter?: Record<string, string | number | null>;
  },
  by: Actor,
): Promise<void> {
  const { incidentId, ...payload } = input;
  await transact(db, by, (tx) =>
    appendTrail(tx, {
      kind: "export.downloaded",
      actor: actorText(by),
      incidentId,
      payload,
    }),
  );
}
