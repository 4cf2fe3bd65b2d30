import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";

/** A claim as it is stored the moment it was verified, and as every stream shows it from then on. */
export function toStreamed(claim: VerifiedClaim, ordinal: number): StreamedClaim {
  const { text, kind, polarity, standing, checks, predicates, uncovered, citations, resolved } =
    claim;
  return {
    ordinal,
    text,
    kind,
    polarity,
    standing,
    verifier: VERIFIER_VERSION,
    checks,
    predicates,
    uncovered,
    citations: resolved.map(({ evidenceId, position, quote, start, end }, at) => ({
      evidenceId,
      // as it was cited, also when there is no such record
      label: citations[at]?.id ?? (position === null ? "" : evidenceLabel(position)),
      quote,
      start,
      end,
    })),
  };
}
