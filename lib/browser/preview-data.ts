import { queryOptions } from "@tanstack/react-query";
import type { IncidentPreview } from "#lib/contracts/preview-views.ts";
import { getJson } from "./get-json.ts";
import { incidentKeys } from "./incident-data.ts";

/** Old when a live update names the incident; kept for a while, so that going back asks nobody. */
export function previewOptions(incidentId: string) {
  return queryOptions({
    queryKey: [...incidentKeys.all(incidentId), "preview"] as const,
    queryFn: (context) => getJson<IncidentPreview>(`/api/incidents/${incidentId}/preview`, context),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}
