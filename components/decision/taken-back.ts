import type { DecisionView } from "#lib/contracts/views.ts";

/** Runs that a later response took back, or is about to. */
export function takenBackBy(decisions: readonly DecisionView[]): ReadonlySet<string> {
  const runs = decisions.flatMap(({ responses }) => responses);
  const standing = runs.filter(({ outcome, work }) => outcome !== "failed" && work?.wasSent);
  return new Set(standing.flatMap(({ work }) => work?.undoOf ?? []));
}
