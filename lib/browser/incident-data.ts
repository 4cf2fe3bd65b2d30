import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { IncidentRunsView } from "#lib/contracts/copilot-views.ts";
import type {
  AttackView,
  GraphView,
  PictureKind,
  ProcessesView,
} from "#lib/contracts/picture-views.ts";
import type { ThreadFilter, ThreadPage } from "#lib/contracts/thread-views.ts";
import type { EvidenceView, IncidentPageView, ObservableView } from "#lib/contracts/views.ts";
import { getJson } from "./get-json.ts";

/** Keys and fetchers of what an incident's screen keeps alive; server pages fill the same keys. */
export const incidentKeys = {
  every: ["incident"] as const,
  all: (incidentId: string) => ["incident", incidentId] as const,
  thread: (incidentId: string, filter: ThreadFilter, start: ThreadPlace) =>
    ["incident", incidentId, "thread", threadParams(filter).toString(), start] as const,
  /** Everything of the screen but the thread; the server's first rendering fills it. */
  page: (incidentId: string) => ["incident", incidentId, "page"] as const,
  /** What is asked of the model about it, and what came of it. */
  runs: (incidentId: string) => ["incident", incidentId, "runs"] as const,
  observables: (incidentId: string) => ["incident", incidentId, "observables"] as const,
  picture: (incidentId: string, of: PictureKind) =>
    ["incident", incidentId, "pictures", of] as const,
  evidence: (incidentId: string, evidenceId: string) =>
    ["evidence", incidentId, evidenceId] as const,
};

/** Whether a key is what `incidentKeys.runs` gives for any incident. */
export function isRunsKey(key: readonly unknown[]): boolean {
  return key[0] === "incident" && key[2] === "runs";
}

/** Where a page of the thread starts. `at` is an ISO time: the first thing at or after it. */
export type ThreadPlace =
  | { from: "start" }
  | { from: "around"; evidenceId: string }
  | { from: "time"; at: string }
  | { from: "after"; cursor: string }
  | { from: "before"; cursor: string };
export const THREAD_START: ThreadPlace = { from: "start" };

/** Pages kept while reading up and down; those far away are asked for again when they are neared. */
const THREAD_PAGES_MAX = 12;

export function threadOptions(incidentId: string, filter: ThreadFilter, start: ThreadPlace) {
  return infiniteQueryOptions({
    queryKey: incidentKeys.thread(incidentId, filter, start),
    queryFn: (context) =>
      getJson<ThreadPage>(threadPath(incidentId, filter, context.pageParam), context),
    initialPageParam: start,
    getNextPageParam: (last): ThreadPlace | undefined =>
      last.nextCursor ? { from: "after", cursor: last.nextCursor } : undefined,
    getPreviousPageParam: (first): ThreadPlace | undefined =>
      first.previousCursor ? { from: "before", cursor: first.previousCursor } : undefined,
    maxPages: THREAD_PAGES_MAX,
  });
}

/** Old only when a live update says so, or after the tab was out of sight and heard none. */
export function incidentPageOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.page(incidentId),
    queryFn: (context) => getJson<IncidentPageView>(`/api/incidents/${incidentId}/page`, context),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: "always",
  });
}

/** A place in the queue has no event of its own; a run that is under way has, and is asked after in case one is lost. */
const WAITING_MS = 3_000;
const RUNNING_MS = 15_000;

/** Asked again by live updates, and every few seconds while something waits. */
export function incidentRunsOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.runs(incidentId),
    queryFn: (context) => getJson<IncidentRunsView>(`/api/incidents/${incidentId}/runs`, context),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: "always",
    refetchInterval: ({ state }) => {
      const open = state.data?.open ?? [];
      if (open.some((run) => run.state === "queued")) return WAITING_MS;
      return open.length > 0 ? RUNNING_MS : false;
    },
  });
}

export function observablesOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.observables(incidentId),
    queryFn: (context) =>
      getJson<{ observables: ObservableView[] }>(
        `/api/incidents/${incidentId}/observables`,
        context,
      ).then((body) => body.observables),
  });
}

type Pictures = { graph: GraphView; processes: ProcessesView; attack: AttackView };

/** What one picture is drawn from; asked for when it is looked at. */
export function pictureOptions<K extends PictureKind>(incidentId: string, of: K) {
  return queryOptions({
    queryKey: incidentKeys.picture(incidentId, of),
    queryFn: (context) =>
      getJson<Pictures[K]>(`/api/incidents/${incidentId}/pictures?of=${of}`, context),
    staleTime: 30_000,
  });
}

/** The id of the record that a label such as `E12` names in this incident, or null. */
export async function recordOfLabel(incidentId: string, label: string): Promise<string | null> {
  const page = await getJson<ThreadPage>(
    `/api/incidents/${incidentId}/thread?where=${encodeURIComponent(`id=${label}`)}&limit=20`,
  );
  // a source may have given its own record the id "E12": the place in the incident decides
  for (const entry of page.entries) {
    if (entry.type === "record" && `E${entry.position}` === label.toUpperCase()) return entry.id;
  }
  return null;
}

/** A record never changes once sealed, so it is fetched once; each fetch is on the trail. */
export function evidenceOptions(incidentId: string, evidenceId: string) {
  return queryOptions({
    queryKey: incidentKeys.evidence(incidentId, evidenceId),
    queryFn: (context) =>
      getJson<EvidenceView>(`/api/incidents/${incidentId}/evidence/${evidenceId}`, context),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
  });
}

/** A record that joined no incident. */
export function recordOptions(evidenceId: string) {
  return queryOptions({
    queryKey: ["record", evidenceId] as const,
    queryFn: (context) => getJson<EvidenceView>(`/api/records/${evidenceId}`, context),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function threadPath(incidentId: string, filter: ThreadFilter, place: ThreadPlace): string {
  const params = threadParams(filter);
  if (place.from === "around") params.set("around", place.evidenceId);
  if (place.from === "time") params.set("cursor", seekOf(place.at));
  if (place.from === "after") params.set("cursor", place.cursor);
  if (place.from === "before") params.set("before", place.cursor);
  const query = params.toString();
  return `/api/incidents/${incidentId}/thread${query ? `?${query}` : ""}`;
}

function threadParams(filter: ThreadFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.q) params.set("q", filter.q);
  if (filter.kinds?.length) params.set("kinds", filter.kinds.join(","));
  if (filter.sources?.length) params.set("sources", filter.sources.join(","));
  if (filter.severity) params.set("severity", filter.severity);
  if (filter.where !== undefined) params.set("where", filter.where);
  return params;
}

/** The thread's cursor just before everything that happened at `at`. */
function seekOf(at: string): string {
  return `${new Date(at).toISOString().slice(0, 23)}000Z~0~0`;
}
