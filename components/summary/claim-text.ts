import { visibleText } from "#lib/domain/evidence/display.ts";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import type { ClaimView } from "#lib/contracts/views.ts";
import { distinctCitations } from "./citation-numbers.ts";

type Place = {
  incidentNumber: string;
  /** Where the claim stands, as an absolute address. */
  href: string;
};

/** A claim as plain text to paste elsewhere: its words, its standing, its citations, the way back to it. */
export function claimAsText(claim: ClaimView, { incidentNumber, href }: Place): string {
  const citations = distinctCitations(claim).map(({ evidenceId, label, quote }) =>
    evidenceId === null ? `${label}: not in this incident` : `${label}: "${visibleText(quote)}"`,
  );
  const standing = `${STANDING_WORDS[claim.standing]} (checked by code, verifier ${claim.verifier})`;
  const judged = claim.kind === "assessment" ? "The model's judgement. " : "";
  return [
    visibleText(claim.text),
    `${judged}${standing}`,
    ...citations,
    `${incidentNumber}, ${href}`,
  ].join("\n");
}
