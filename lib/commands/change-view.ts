import type { ChangeViewInput } from "#lib/contracts/saved-views.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { mayChangeView, mayShareViews } from "#lib/domain/incident/saved-view.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { PersonActor } from "./actor.ts";
import { lockViews, nameTaken, notShareable, viewPayload } from "./save-view.ts";
import type { ViewRow } from "./save-view.ts";

/**
 * Renames a view, replaces its line, shares it or takes it back; what is so already leaves no entry. Throws Problem
 * `view_not_found` 404, `view_of_another`, `view_not_shareable` 403, `view_name_taken` 409.
 */
export async function changeView(
  db: Db,
  { viewId, name, shared, line }: ChangeViewInput,
  by: PersonActor,
): Promise<{ changed: boolean }> {
  return transact(db, by, async (tx) => {
    const was = await lockView(tx, viewId, by);
    const row: ViewRow = {
      ...was,
      ...line,
      name: name ?? was.name,
      shared: shared ?? was.shared,
    };
    if (isSame(row, was)) return { changed: false };
    if (row.shared && !was.shared && !mayShareViews(by.role)) throw notShareable();
    if (row.name !== was.name) await checkName(tx, row);
    await tx.$executeRaw`
      UPDATE saved_view SET name = ${row.name}, shared = ${row.shared}, view = ${row.view}, q = ${row.q},
             sort = ${row.sort}, density = ${row.density}, changed_at = now()
      WHERE id = ${viewId}::uuid`;
    await appendTrail(tx, {
      kind: "view.changed",
      actor: actorText(by),
      incidentId: null,
      payload: viewPayload(row, { wasShared: was.shared }),
    });
    return { changed: true };
  });
}

/** The view to the end of the transaction, for who may change it. Another's that is not shared is not there. */
export async function lockView(tx: Tx, viewId: string, by: PersonActor): Promise<ViewRow> {
  const owners = await tx.$queryRaw<{ ownerId: string }[]>`
    SELECT owner_id AS "ownerId" FROM saved_view WHERE id = ${viewId}::uuid`;
  if (owners[0]) await lockViews(tx, owners[0].ownerId);
  const rows = await tx.$queryRaw<(ViewRow & { ownerName: string })[]>`
    SELECT v.id, v.owner_id AS "ownerId", v.name, v.shared, v.view, v.q, v.sort, v.density, o.name AS "ownerName"
    FROM saved_view v JOIN person o ON o.id = v.owner_id WHERE v.id = ${viewId}::uuid`;
  const row = rows[0];
  if (!row || (!row.shared && row.ownerId !== by.id))
    throw new Problem("view_not_found", 404, "There is no such view any more.");
  const { ownerName, ...view } = row;
  if (!mayChangeView(by, { owner: { id: view.ownerId }, shared: view.shared })) {
    throw new Problem(
      "view_of_another",
      403,
      `This view is ${ownerName}'s. They or a lead change it; save your own from it.`,
    );
  }
  return view;
}

function isSame(one: ViewRow, other: ViewRow): boolean {
  return (["name", "shared", "view", "q", "sort", "density"] as const).every(
    (key) => one[key] === other[key],
  );
}

async function checkName(tx: Tx, { id, ownerId, name }: ViewRow): Promise<void> {
  const rows = await tx.$queryRaw<object[]>`
    SELECT 1 AS found FROM saved_view
    WHERE owner_id = ${ownerId}::uuid AND name = ${name} AND id <> ${id}::uuid`;
  if (rows.length > 0) throw nameTaken(name);
}
