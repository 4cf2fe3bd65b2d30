import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { attachQuotes } from "#lib/grounding/quotes.ts";
import { writeRulesSummary } from "#lib/grounding/rules-summary.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";

export type ReadIncident = { records: EvidenceRecord[]; rawText: (id: string) => string };

/** The claims of an incident's rules summary that the verifier supports. */
export function supportedClaims({ records, rawText }: ReadIncident): VerifiedClaim[] {
  const draft = writeRulesSummary(records, { sources: [], capped: false });
  const claims = attachQuotes(draft, rawText);
  return verifyClaims(claims, { records, rawText, capped: false }).filter(
    ({ standing }) => standing === "supported",
  );
}
