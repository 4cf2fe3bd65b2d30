import { queryOptions } from "@tanstack/react-query";
import type { PresentAll, PresentView } from "#lib/contracts/presence.ts";
import { BEAT_SECONDS } from "#lib/domain/incident/presence.ts";
import { getJson, postJson } from "./get-json.ts";

/**
 * Who else has an incident open; asking says that this page is open. Rests while the tab is hidden, and is then gone for
 * the others.
 */
export function presenceOptions(incidentId: string) {
  return queryOptions({
    queryKey: ["presence", incidentId] as const,
    queryFn: (context) =>
      postJson<{ others: PresentView[] }>(`/api/incidents/${incidentId}/presence`, context).then(
        ({ others }) => others,
      ),
    refetchInterval: BEAT_SECONDS * 1_000,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

/** Said while the page goes; nobody waits for the answer. */
export function leavePresence(incidentId: string): void {
  void fetch(`/api/incidents/${incidentId}/presence?leave=1`, {
    method: "POST",
    keepalive: true,
  }).catch(() => undefined);
}

/** What others have open, by incident. */
export function presentOptions() {
  return queryOptions({
    queryKey: ["presence"] as const,
    queryFn: (context) =>
      getJson<{ open: PresentAll }>("/api/incidents/presence", context).then(
        ({ open }) => new Map(open.map(({ incidentId, people }) => [incidentId, people])),
      ),
    refetchInterval: BEAT_SECONDS * 1_000,
    retry: false,
    structuralSharing: false,
  });
}
