import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useKeys } from "#components/ui/use-keys.ts";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import type { EvidenceBeside } from "./use-evidence-beside.ts";

/** The keys of the review: through the evidence, and out. Escape closes the record, then leaves without signing. */
export function useReviewKeys(incidentId: string, beside: EvidenceBeside): void {
  const router = useRouter();
  useKeys([
    { key: "j", what: "Next evidence", run: () => beside.step(1) },
    { key: "k", what: "Previous evidence", run: () => beside.step(-1) },
    { key: "n", what: "Next evidence not opened", run: () => beside.openMissing?.() },
    {
      key: "Escape",
      what: "Close the record, or leave without signing",
      run: () => (beside.at ? beside.close() : router.push(`/incidents/${incidentId}`)),
    },
  ]);
  useEffect(() => {
    document.addEventListener("keydown", leaveField);
    return () => document.removeEventListener("keydown", leaveField);
  }, []);
}

/** In a field Escape only leaves the field, so that nothing written is lost by one press. */
function leaveField(event: KeyboardEvent): void {
  const { key, target } = event;
  if (key !== "Escape" || !(target instanceof HTMLElement)) return;
  if (target.matches("input, textarea")) target.blur();
}

/** Reads the page anew when a live update tells that the incident changed, or the tab is looked at again. */
export function useFreshPage(incidentId: string): void {
  const router = useRouter();
  useQuery({
    queryKey: [...incidentKeys.all(incidentId), "review"],
    queryFn: () => {
      router.refresh();
      return null;
    },
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: "always",
  });
}
