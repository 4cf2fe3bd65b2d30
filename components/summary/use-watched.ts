"use client";

import { useState } from "react";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import type { SummaryView } from "#lib/contracts/views.ts";

/**
 * The runs a reader follows while the draft is open, first one first: a run that has ended stays below its own claims
 * until the reader leaves, and the next attempt begins under it.
 */
export function useWatched(open: readonly RunRow[], watching: boolean): readonly RunRow[] {
  const [watched, setWatched] = useState<readonly RunRow[]>([]);
  const next = watching ? watchedAfter(watched, open) : NONE;
  if (next !== watched && (watching || watched.length > 0)) setWatched(next);
  return next;
}

const NONE: readonly RunRow[] = [];

/** Every run seen so far as it is now; the same array when nothing moved. */
export function watchedAfter(
  watched: readonly RunRow[],
  open: readonly RunRow[],
): readonly RunRow[] {
  const known = watched.map((run) => open.find(({ id }) => id === run.id) ?? run);
  const fresh = open.filter(({ id }) => !watched.some((run) => run.id === id));
  const next = [...known, ...fresh];
  const same = next.length === watched.length && next.every((run, at) => run === watched[at]);
  return same ? watched : next;
}

/** The last run of a draft, and before it the one whose summary is in force: a repair that fails takes nothing back. */
export function endsToTell(
  runs: readonly RunRow[],
  issued: readonly Pick<SummaryView, "run">[],
): readonly RunRow[] {
  return runs.filter(
    (run, at) => at === runs.length - 1 || issued.some((summary) => summary.run?.id === run.id),
  );
}
