import type { SavedView, SavedViews } from "#lib/contracts/saved-views.ts";

type Search = Record<string, string | string[] | undefined>;

/**
 * Where an address of the queue leads that does not say itself what to show: to the saved view it names, or to what the
 * person chose to begin with. Null: it stays, also where a saved view was changed on the screen, or is gone.
 */
export function queuePlace(search: Search, { views, first }: SavedViews): string | null {
  if (["view", "q", "sort"].some((name) => search[name] !== undefined)) return null;
  if (search["saved"] !== undefined) return placeOf(views, search["saved"]);
  if (first === null) return null;
  return "view" in first ? `/incidents?view=${first.view}` : placeOf(views, first.savedId);
}

function placeOf(views: readonly SavedView[], id: string | string[]): string | null {
  const found = views.find((view) => view.id === id);
  if (!found) return null;
  const { view, q, sort } = found;
  return `/incidents?${new URLSearchParams({ saved: found.id, view, ...(q ? { q } : {}), sort })}`;
}
