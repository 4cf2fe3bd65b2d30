import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Puts on the trail that someone takes the trail, or a view of the queue, away, before the first byte leaves. */
export async function recordExport(
  db: Db,
  input: {
    incidentId: string | null;
    format: string;
    decision?: string;
    /** What was taken, where it is not the trail, and by which filter. */
    what?: string;
    /** The view of the queue that is taken, how it is narrowed and ordered. */
    queue?: string;
    filter?: string | Record<string, string | number | null>;
    sort?: string;
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
