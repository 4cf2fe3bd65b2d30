import { queryOptions } from "@tanstack/react-query";
import type { IncidentRunsView } from "#lib/contracts/copilot-views.ts";
import type {
  AttackView,
  GraphView,
  PictureKind,
  ProcessesView,
} from "#lib/contracts/picture-views.ts";
import type { ThreadFilter, ThreadOutline } from "#lib/contracts/thread-views.ts";
import type { EvidenceView, IncidentPageView, ObservableView } from "#lib/contracts/views.ts";
import type { IncidentWorkView } from "#lib/contracts/work-views.ts";
import type { CitedDigestView } from "#lib/contracts/paper-views.ts";
import { getJson } from "./get-json.ts";

/** Keys and fetchers of what an incident's screen keeps alive; server pages fill the same keys. */
export const incidentKeys = {
  every: ["incident"] as const,
  all: (incidentId: string) => ["incident", incidentId] as const,
  /** What stands where in the thread; what its lines say is kept by a `RecordStore`. */
  outline: (incidentId: string, filter: ThreadFilter) =>
    ["incident", incidentId, "outline", threadParams(filter).toString()] as const,
  /** Everything of the screen but the thread; the server's first rendering fills it. */
  page: (incidentId: string) => ["incident", incidentId, "page"] as const,
  /** What is asked of the model about it, and what came of it. */
  runs: (incidentId: string) => ["incident", incidentId, "runs"] as const,
  /** Tasks, hand-over and watch. */
  work: (incidentId: string) => ["incident", incidentId, "work"] as const,
  observables: (incidentId: string) => ["incident", incidentId, "observables"] as const,
  cited: (incidentId: string) => ["incident", incidentId, "cited"] as const,
  picture: (incidentId: string, of: PictureKind) =>
    ["incident", incidentId, "pictures", of] as const,
  everyRecord: ["evidence"] as const,
  evidence: (incidentId: string, evidenceId: string) =>
    ["evidence", incidentId, evidenceId] as const,
};

/** Whether a key is what `incidentKeys.runs` gives for any incident. */
export function isRunsKey(key: readonly unknown[]): boolean {
  return key[0] === "incident" && key[2] === "runs";
}

/** The whole thread under a filter. The server's first rendering fills it with a glimpse, which is old at once. */
export function outlineOptions(incidentId: string, filter: ThreadFilter) {
  const query = threadParams(filter).toString();
  return queryOptions({
    queryKey: incidentKeys.outline(incidentId, filter),
    queryFn: (context) =>
      getJson<ThreadOutline>(
        `/api/incidents/${incidentId}/outline${query ? `?${query}` : ""}`,
        context,
      ),
    // an outline holds everything: nothing of it is the same object as before, and comparing costs
    structuralSharing: false,
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

/** What people do in it; like its page, old only when a live update says so. */
export function incidentWorkOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.work(incidentId),
    queryFn: (context) => getJson<IncidentWorkView>(`/api/incidents/${incidentId}/work`, context),
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

/** What a printed incident says of the records that its claims cite. */
export function citedOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.cited(incidentId),
    queryFn: (context) =>
      getJson<{ records: CitedDigestView[] }>(`/api/incidents/${incidentId}/cited`, context).then(
        ({ records }) => records,
      ),
    staleTime: 30_000,
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

function threadParams(filter: ThreadFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.q) params.set("q", filter.q);
  if (filter.kinds?.length) params.set("kinds", filter.kinds.join(","));
  if (filter.sources?.length) params.set("sources", filter.sources.join(","));
  if (filter.severity) params.set("severity", filter.severity);
  if (filter.where !== undefined) params.set("where", filter.where);
  if (filter.entity) params.set("entity", filter.entity);
  if (filter.from) params.set("from", filter.from);
  if (filter.to) params.set("to", filter.to);
  if (filter.pinned) params.set("pinned", "1");
  return params;
}
