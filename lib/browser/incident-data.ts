import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  DecisionView,
  EvidenceView,
  ObservableView,
  SummaryView,
  ThreadFilter,
  ThreadPage,
} from "#lib/contracts/views.ts";
import { getJson } from "./get-json.ts";

/** Keys and fetchers of what an incident's screen keeps alive; server pages fill the same keys. */
export const incidentKeys = {
  all: (incidentId: string) => ["incident", incidentId] as const,
  thread: (incidentId: string, filter: ThreadFilter, around: string | null) =>
    ["incident", incidentId, "thread", threadParams(filter).toString(), around] as const,
  summaries: (incidentId: string) => ["incident", incidentId, "summaries"] as const,
  decisions: (incidentId: string) => ["incident", incidentId, "decisions"] as const,
  observables: (incidentId: string) => ["incident", incidentId, "observables"] as const,
  evidence: (incidentId: string, evidenceId: string) =>
    ["evidence", incidentId, evidenceId] as const,
};

/** Where a page of the thread starts. */
export type ThreadPlace =
  | { from: "start" }
  | { from: "around"; evidenceId: string }
  | { from: "after"; cursor: string }
  | { from: "before"; cursor: string };

/** `around` opens the thread at that record instead of at its first line. */
export function threadOptions(incidentId: string, filter: ThreadFilter, around: string | null) {
  const start: ThreadPlace = around
    ? { from: "around", evidenceId: around }
    : { from: "start" };
  return infiniteQueryOptions({
    queryKey: incidentKeys.thread(incidentId, filter, around),
    queryFn: (context) =>
      getJson<ThreadPage>(threadPath(incidentId, filter, context.pageParam), context),
    initialPageParam: start,
    getNextPageParam: (last): ThreadPlace | undefined =>
      last.nextCursor ? { from: "after", cursor: last.nextCursor } : undefined,
    getPreviousPageParam: (first): ThreadPlace | undefined =>
      first.previousCursor ? { from: "before", cursor: first.previousCursor } : undefined,
  });
}

export function summariesOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.summaries(incidentId),
    queryFn: (context) =>
      getJson<{ summaries: SummaryView[] }>(`/api/incidents/${incidentId}/summaries`, context).then(
        (body) => body.summaries,
      ),
  });
}

export function decisionsOptions(incidentId: string) {
  return queryOptions({
    queryKey: incidentKeys.decisions(incidentId),
    queryFn: (context) =>
      getJson<{ decisions: DecisionView[] }>(`/api/incidents/${incidentId}/decisions`, context).then(
        (body) => body.decisions,
      ),
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

function threadPath(incidentId: string, filter: ThreadFilter, place: ThreadPlace): string {
  const params = threadParams(filter);
  if (place.from === "around") params.set("around", place.evidenceId);
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
  return params;
}
