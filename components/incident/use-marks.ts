"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { deskKeys } from "#lib/browser/desk-data.ts";
import type { QueuePage, QueueRow } from "#lib/contracts/views.ts";

/** What a dot beside a row says: it changed since the list was read, or it came with the last "show". */
export type RowMark = "changed" | "new";

type Given = {
  /** The list as it was read. */
  pages: readonly QueuePage[] | undefined;
  /** The same rows with their newest values. */
  rows: readonly QueueRow[];
};

/**
 * Which rows of the list are not as the person last saw them. `see` takes the mark off; `keep` remembers what is there,
 * before the list is read again, so that what came can be told from what was.
 */
export function useMarks({ pages, rows }: Given) {
  const cache = useQueryClient();
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(new Map());
  const [since, setSince] = useState<string | null>(null);
  const marks = useMemo(() => {
    const read = new Map<string, string>();
    for (const page of pages ?? [])
      for (const row of page.incidents) read.set(row.id, row.lastActivityAt);
    const found = new Map<string, RowMark>();
    for (const row of rows) {
      const last = seen.get(row.id);
      if (last === row.lastActivityAt) continue;
      if (since !== null && row.openedAt > since && last === undefined) found.set(row.id, "new");
      else if ((last ?? read.get(row.id)) !== row.lastActivityAt) found.set(row.id, "changed");
    }
    return found;
  }, [pages, rows, seen, since]);
  const see = useCallback(
    (ids: readonly string[]) => {
      const now = newestOf(cache, rows, ids);
      setSeen((was) => {
        const news = [...now].filter(([id, at]) => was.get(id) !== at);
        return news.length === 0 ? was : new Map([...was, ...news]);
      });
    },
    [cache, rows],
  );
  const keep = () => {
    setSince(rows.reduce<string | null>((a, { openedAt: b }) => (a && a > b ? a : b), null));
    setSeen(new Map());
  };
  return { marks, see, keep };
}

/** When each of them last changed, as the newest answer says that came: the screen may not show it yet. */
function newestOf(
  cache: QueryClient,
  rows: readonly QueueRow[],
  ids: readonly string[],
): Map<string, string> {
  const wanted = new Set(ids);
  const newest = new Map<string, string>();
  const peeks = cache.getQueriesData<QueuePage>({ queryKey: deskKeys.peeks });
  for (const row of [...rows, ...peeks.flatMap(([, page]) => page?.incidents ?? [])]) {
    const known = newest.get(row.id);
    if (wanted.has(row.id) && (known === undefined || known < row.lastActivityAt))
      newest.set(row.id, row.lastActivityAt);
  }
  return newest;
}
