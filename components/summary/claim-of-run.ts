import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import type { ClaimView } from "#lib/contracts/views.ts";

/** A claim of a run as the lists of claims show one: nobody reviews it, since it belongs to no summary. */
export function claimOfRun(runId: string, claim: StreamedClaim): ClaimView {
  return { ...claim, id: `${runId}-${claim.ordinal}`, front: true, before: null, reviews: [] };
}
