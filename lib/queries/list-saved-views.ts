import type { FirstView, SavedView, SavedViews } from "#lib/contracts/saved-views.ts";
import type { QueueView } from "#lib/contracts/queries.ts";
import type { Db } from "#lib/db/prisma.ts";
import { SAVED_VIEWS_MAX } from "#lib/domain/incident/saved-view.ts";

/** Shared views of others that a menu lists. */
const SHARED_MAX = 200;

type Row = Omit<SavedView, "changedAt"> & { changedAt: Date };
type Choice = { view: QueueView | null; savedId: string | null; ended: boolean };

/** The views of a person and what is shared with them; a first view that was taken back from them is none. */
export async function listSavedViews(db: Db, personId: string): Promise<SavedViews> {
  const [rows, [choice]] = await Promise.all([
    db.$queryRaw<Row[]>`
      SELECT v.id, v.name, v.shared, person_view(o) AS owner, v.view, v.q, v.sort, v.density, v.changed_at AS "changedAt"
      FROM ((SELECT * FROM saved_view WHERE owner_id = ${personId}::uuid ORDER BY name LIMIT ${SAVED_VIEWS_MAX}::int)
        UNION ALL (SELECT * FROM saved_view WHERE shared AND owner_id <> ${personId}::uuid ORDER BY name, id LIMIT ${SHARED_MAX}::int)) v
      JOIN person o ON o.id = v.owner_id
      ORDER BY v.owner_id <> ${personId}::uuid, v.name, v.id`,
    db.$queryRaw<Choice[]>`
      SELECT c.first_view AS view, v.id AS "savedId", c.tour_ended_at IS NOT NULL AS ended
      FROM desk_choice c
      LEFT JOIN saved_view v ON v.id = c.saved_view_id AND (v.shared OR v.owner_id = c.person_id)
      WHERE c.person_id = ${personId}::uuid`,
  ]);
  return {
    views: rows.map((row) => ({ ...row, changedAt: row.changedAt.toISOString() })),
    first: firstOf(choice),
    tourEnded: choice?.ended ?? false,
  };
}

function firstOf(choice: Choice | undefined): FirstView {
  if (choice?.savedId) return { savedId: choice.savedId };
  return choice?.view ? { view: choice.view } : null;
}
