import { randomUUID } from "node:crypto";
import type { QueueLine, SaveViewInput } from "#lib/contracts/saved-views.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { mayShareViews, SAVED_VIEWS_MAX } from "#lib/domain/incident/saved-view.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { PersonActor } from "./actor.ts";

/**
 * Keeps a line of the queue under a name. Of one that is nobody else's, the trail says that it was saved and not what
 * it looks for. Throws Problem `view_name_taken`, `views_full` 409, `view_not_shareable` 403.
 */
export async function saveView(
  db: Db,
  { name, shared, line }: SaveViewInput,
  by: PersonActor,
): Promise<{ viewId: string }> {
  if (shared && !mayShareViews(by.role)) throw notShareable();
  return transact(db, by, async (tx) => {
    await lockViews(tx, by.id);
    const [held] = await tx.$queryRaw<{ count: number; taken: boolean }[]>`
      SELECT count(*)::int AS count, coalesce(bool_or(name = ${name}), false) AS taken
      FROM saved_view WHERE owner_id = ${by.id}::uuid`;
    if (held?.taken) throw nameTaken(name);
    if ((held?.count ?? 0) >= SAVED_VIEWS_MAX) {
      throw new Problem(
        "views_full",
        409,
        `You keep ${SAVED_VIEWS_MAX} views. Delete one, or replace it.`,
      );
    }
    const viewId = randomUUID();
    await tx.$executeRaw`
      INSERT INTO saved_view (id, owner_id, name, shared, view, q, sort, density)
      VALUES (${viewId}::uuid, ${by.id}::uuid, ${name}, ${shared}, ${line.view}, ${line.q}, ${line.sort}, ${line.density})`;
    await appendTrail(tx, {
      kind: "view.saved",
      actor: actorText(by),
      incidentId: null,
      payload: viewPayload({ id: viewId, ownerId: by.id, name, shared, ...line }),
    });
    return { viewId };
  });
}

export type ViewRow = QueueLine & { id: string; ownerId: string; name: string; shared: boolean };

/** What the trail says of a view; of a private one, nothing of what it looks for. */
export function viewPayload(row: ViewRow, besides: { wasShared?: boolean } = {}) {
  const { id, ownerId, name, shared, view, q, sort } = row;
  if (!shared && !besides.wasShared) return { view: id, shared: false };
  return { view: id, shared: true, open: shared, owner: ownerId, name, line: { view, q, sort } };
}

/** One change at a time of what one person keeps: it is counted, and its names are compared. */
export async function lockViews(tx: Tx, ownerId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('saved_view:' || ${ownerId}, 0))::text`;
}

export function nameTaken(name: string): Problem {
  return new Problem(
    "view_name_taken",
    409,
    `There is a view called "${name}" already. Choose another name, or replace that one.`,
  );
}

export function notShareable(): Problem {
  return new Problem(
    "view_not_shareable",
    403,
    "Only an analyst or a lead shares a view. Save it for yourself.",
  );
}
