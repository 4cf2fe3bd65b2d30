"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { deskKeys, QUEUE_PAGE, queueOptions, queuePeekOptions } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { parseQueue } from "#lib/domain/incident/queue-syntax.ts";
import type { QueuePage, QueueRow } from "#lib/contracts/views.ts";

/**
 * The rows in the order the person first saw them, each with its newest values, and how many rows the
 * server would now show that are not among them. Only `refresh` changes the order. `searching`: none found yet, and more
 * to look at.
 */
export function useQueue(filter: QueueFilter) {
  const cache = useQueryClient();
  const list = useInfiniteQuery({
    ...queueOptions(filter),
    // What cannot be read would be refused; the filter says so without asking.
    enabled: parseQueue(filter.q).ok,
    placeholderData: (previous, query) =>
      query && (query.queryKey[2] as QueueFilter).view === filter.view ? previous : undefined,
  });
  const isRead = list.isSuccess && !list.isPlaceholderData;
  const peek = useQuery({
    ...queuePeekOptions(filter),
    enabled: isRead,
    // A list just read is as it stands now: asking again would only keep its rows from being drawn
    ...(isRead && { initialData: list.data.pages[0], initialDataUpdatedAt: list.dataUpdatedAt }),
  });
  const shown = useMemo(() => distinct(list.data?.pages ?? []), [list.data]);
  const rows = useMemo(() => withNewest(shown, peek.data), [shown, peek.data]);
  const fresh = useMemo(
    () => (list.isPlaceholderData ? 0 : countNew(shown, peek.data, list.hasNextPage)),
    [shown, peek.data, list.hasNextPage, list.isPlaceholderData],
  );
  const { fetchNextPage } = list;
  // A page may be short before the last one: what is rare is looked for stretch by stretch.
  const short =
    list.hasNextPage && shown.length < QUEUE_PAGE && !list.isFetching && !list.isFetchNextPageError;
  useEffect(() => {
    if (short) void fetchNextPage();
  }, [short, fetchNextPage]);
  const refresh = async () => {
    await cache.resetQueries({ queryKey: deskKeys.queue(filter), exact: true });
    await cache.invalidateQueries({ queryKey: deskKeys.peeks });
  };
  const searching = rows.length === 0 && list.hasNextPage;
  return { list, rows, fresh, refresh, searching };
}

function distinct(pages: readonly QueuePage[]): QueueRow[] {
  const rows = new Map<string, QueueRow>();
  for (const page of pages)
    for (const row of page.incidents) if (!rows.has(row.id)) rows.set(row.id, row);
  return [...rows.values()];
}

function withNewest(rows: QueueRow[], peek: QueuePage | undefined): QueueRow[] {
  if (!peek) return rows;
  const newest = new Map(peek.incidents.map((row) => [row.id, row]));
  return rows.map((row) => newest.get(row.id) ?? row);
}

/**
 * Rows of the peek that are not shown. Where the list goes on below what is loaded, only rows above the
 * lowest loaded one count: the others may simply have moved up as rows left the view.
 */
function countNew(shown: QueueRow[], peek: QueuePage | undefined, more: boolean): number {
  if (!peek) return 0;
  const ids = new Set(shown.map((row) => row.id));
  const last = more
    ? peek.incidents.findLastIndex((row) => ids.has(row.id))
    : peek.incidents.length;
  return peek.incidents.filter((row, index) => index < last && !ids.has(row.id)).length;
}
