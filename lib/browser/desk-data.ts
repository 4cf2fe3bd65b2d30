import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { UnreadNotices } from "#lib/contracts/notices.ts";
import type { QueueSort, QueueView } from "#lib/contracts/queries.ts";
import type { SavedViews } from "#lib/contracts/saved-views.ts";
import type { QueueCounts, QueuePage, SealView } from "#lib/contracts/views.ts";
import type { TrailEntryView, TrailRowsPage } from "#lib/contracts/trail-views.ts";
import { getJson } from "./get-json.ts";

/** What the queue shows, as it stands in the address. */
export type QueueFilter = {
  view: QueueView;
  /** What narrows it, as queue-syntax.ts reads it. */
  q: string;
  sort: QueueSort;
};

export const QUEUE_PAGE = 60;
const PEEK_MAX = 100;

export const deskKeys = {
  queue: (filter: QueueFilter) => ["queue", "list", filter] as const,
  peek: (filter: QueueFilter) => ["queue", "peek", filter] as const,
  peeks: ["queue", "peek"] as const,
  counts: ["queue", "counts"] as const,
  views: ["queue", "views"] as const,
  unread: ["notices", "unread"] as const,
  seal: ["seal"] as const,
  trail: (filter: TrailFilter) => ["trail", filter] as const,
  entry: (seq: number) => ["entry", seq] as const,
};

/** The list as the person last asked for it; it never refreshes by itself, so no row moves by itself. */
export function queueOptions(filter: QueueFilter) {
  return infiniteQueryOptions({
    queryKey: deskKeys.queue(filter),
    queryFn: (context) =>
      getJson<QueuePage>(queuePath(filter, context.pageParam, QUEUE_PAGE), context),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The list as it stands now, first page only: it finds new rows and brings the shown ones up to date in place. */
export function queuePeekOptions(filter: QueueFilter) {
  return queryOptions({
    queryKey: deskKeys.peek(filter),
    queryFn: (context) => getJson<QueuePage>(queuePath(filter, null, PEEK_MAX), context),
    refetchInterval: 30_000,
    staleTime: 5_000,
  });
}

export function countsOptions() {
  return queryOptions({
    queryKey: deskKeys.counts,
    queryFn: (context) => getJson<QueueCounts>("/api/incidents/counts", context),
    refetchInterval: 30_000,
  });
}

export function sourceNamesOptions() {
  return queryOptions({
    queryKey: ["queue", "sources"] as const,
    queryFn: (context) =>
      getJson<{ names: string[] }>("/api/incidents/sources", context).then(({ names }) => names),
    staleTime: 60_000,
  });
}

/** The views that the reader keeps or is shown. */
export function savedViewsOptions() {
  return queryOptions({
    queryKey: deskKeys.views,
    queryFn: (context) => getJson<SavedViews>("/api/incidents/views", context),
    staleTime: 60_000,
  });
}

export function unreadOptions() {
  return queryOptions({
    queryKey: deskKeys.unread,
    queryFn: (context) => getJson<UnreadNotices>("/api/notices/unread", context),
    refetchInterval: 30_000,
  });
}

export function sealOptions() {
  return queryOptions({
    queryKey: deskKeys.seal,
    queryFn: (context) => getJson<SealView>("/api/seal", context),
    refetchInterval: 10_000,
    staleTime: 5_000,
  });
}

/** What the trail is searched by, as the door takes it; "" for what is not asked. */
export type TrailFilter = Record<
  "seq" | "incident" | "kind" | "actor" | "role" | "model" | "prompt" | "from" | "to",
  string
>;

export function trailOptions(filter: TrailFilter) {
  return infiniteQueryOptions({
    queryKey: deskKeys.trail(filter),
    queryFn: (context) => getJson<TrailRowsPage>(trailPath(filter, context.pageParam), context),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** An entry in full. It never changes, but for its seal and an erasure. */
export function entryOptions(seq: number) {
  return queryOptions({
    queryKey: deskKeys.entry(seq),
    queryFn: (context) => getJson<TrailEntryView>(`/api/trail/${seq}`, context),
  });
}

function queuePath(filter: QueueFilter, cursor: string | null, limit: number): string {
  const search = new URLSearchParams({
    view: filter.view,
    sort: filter.sort,
    limit: String(limit),
  });
  if (filter.q) search.set("q", filter.q);
  if (cursor) search.set("cursor", cursor);
  return `/api/incidents?${search}`;
}

function trailPath(filter: TrailFilter, cursor: string | null): string {
  const asked = Object.entries({ ...filter, cursor: cursor ?? "" }).filter(([, value]) => value);
  return `/api/trail?${new URLSearchParams(asked)}`;
}
