import { queryOptions } from "@tanstack/react-query";
import type { SplitChoices } from "#lib/contracts/split-views.ts";
import { getJson } from "./get-json.ts";

/** What may be chosen of an incident to go; asked anew each time somebody means to. */
export function splitOptions(incidentId: string) {
  return queryOptions({
    queryKey: ["incident", incidentId, "split"] as const,
    queryFn: (context) => getJson<SplitChoices>(`/api/incidents/${incidentId}/split`, context),
    staleTime: 0,
    gcTime: 0,
  });
}
