import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";

/** Rows of a screen as a file: which screen's, in which format, and how they were narrowed and ordered. */
export type Table = {
  of: "queue" | "overrides";
  format: "csv" | "jsonl";
  view?: string;
  filter?: string | Record<string, string | number | null>;
  sort?: string;
};

/** Puts on the trail that someone takes the rows of a screen away, before the first byte leaves. */
export async function recordTable(db: Db, payload: Table, by: Actor): Promise<void> {
  await transact(db, by, (tx) =>
    appendTrail(tx, {
      kind: "table.downloaded",
      actor: actorText(by),
      incidentId: null,
      payload,
    }),
  );
}
