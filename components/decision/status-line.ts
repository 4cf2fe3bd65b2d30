import type { DecisionView } from "#lib/contracts/views.ts";
import { DECISION_STATE_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";
import type { Reason } from "./reasons.tsx";
import type { RequirementLine } from "./requirement-lines.ts";

type Input = {
  decision: Pick<DecisionView, "kind" | "state" | "signOffs">;
  /** Why the reader could not approve it now. */
  reasons: readonly Reason[];
  lines: readonly RequirementLine[];
  beside: {
    cited: readonly unknown[];
    openedCount: number;
    at: { label: string } | null;
  };
};

/**
 * How the decision stands for who reads it, in words that change only when something did: a screen reader says them
 * again then.
 */
export function statusLine({ decision, reasons, lines, beside }: Input): string {
  const { kind, state, signOffs } = decision;
  const last = signOffs.at(-1);
  const signed = last
    ? `Last ${last.outcome === "approved" ? "signed" : "rejected"} by ${last.person.name}.`
    : "Nobody has signed yet.";
  const words = [`${DECISION_WORDS[kind]}: ${DECISION_STATE_WORDS[state].toLowerCase()}.`, signed];
  if (state === "proposed") {
    const missing = lines.filter(({ met }) => met === false).length;
    words.push(missing === 0 ? "Nothing is missing." : `Still missing: ${missing}.`);
    if (reasons.some(({ code }) => code === "stale" || code === "expired"))
      words.push(...reasons.map(({ sentence }) => sentence));
  }
  if (beside.at) {
    words.push(
      `${beside.at.label} stands beside the statement; ${beside.openedCount} of ${beside.cited.length} opened.`,
    );
  }
  return words.join(" ");
}
