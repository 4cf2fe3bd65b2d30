import { queryOptions } from "@tanstack/react-query";
import type { SimilarView } from "#lib/contracts/similar-views.ts";
import { getJson } from "./get-json.ts";

/** What resembles an incident, and what was merged into it; asked for when it is looked at. */
export function similarOptions(incidentId: string) {
  return queryOptions({
    queryKey: ["incident", incidentId, "similar"] as const,
    queryFn: (context) => getJson<SimilarView>(`/api/incidents/${incidentId}/similar`, context),
    staleTime: 30_000,
  });
}
