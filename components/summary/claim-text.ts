import { visibleText } from "#lib/domain/evidence/display.ts";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import type { ClaimView } from "#lib/contracts/views.ts";
import { distinctCitations } from "./citation-numbers.ts";

type Place = {
  incidentNumber: string;
  /** Where the claim stands, as an absolute address. */
  href: string;
};

/** A claim as plain text to paste elsewhere: its words, its standing, its citations, the way back to it. */
export function claimAsText(claim: ClaimView, place: Place): string {
  return [...claimLines(claim), placeLine(place)].join("\n");
}

type Answer = { question: string | null; model: string; claims: readonly StreamedClaim[] };

/** An answer as plain text to paste elsewhere; its first lines say whose words they are. */
export function answerAsText({ question, model, claims }: Answer, place: Place): string {
  return [
    ...(question ? [`Asked: ${visibleText(question)}`] : []),
    `Answered by the model ${visibleText(model)}, each claim checked by code:`,
    ...claims.flatMap((claim) => ["", ...claimLines(claim)]),
    "",
    placeLine(place),
  ].join("\n");
}

type ClaimText = Pick<ClaimView, "text" | "kind" | "standing" | "verifier" | "citations">;

function claimLines(claim: ClaimText): string[] {
  const citations = distinctCitations(claim).map(({ evidenceId, label, quote }) =>
    evidenceId === null ? `${label}: not in this incident` : `${label}: "${visibleText(quote)}"`,
  );
  const standing = `${STANDING_WORDS[claim.standing]} (checked by code, verifier ${claim.verifier})`;
  const judged = claim.kind === "assessment" ? "The model's judgement. " : "";
  return [visibleText(claim.text), `${judged}${standing}`, ...citations];
}

function placeLine({ incidentNumber, href }: Place): string {
  return `${incidentNumber}, ${href}`;
}
