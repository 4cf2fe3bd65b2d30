import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";

const LABEL = /^E([1-9]\d{0,8})$/;

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

/** The claim that a stored event holds. JSON has no NaN: a number that is none was stored as null. */
export function fromStreamed(streamed: StreamedClaim): VerifiedClaim {
  const { text, kind, polarity, standing, checks, predicates, uncovered, citations } = streamed;
  return {
    text,
    kind,
    polarity,
    standing,
    checks,
    predicates: predicates.map((predicate) => ({ ...predicate, n: predicate.n ?? Number.NaN })),
    uncovered,
    citations: citations.map(({ label, quote }) => ({ id: label, quote })),
    resolved: citations.map(({ evidenceId, label, quote, start, end }) => ({
      evidenceId,
      position: evidenceId === null ? null : positionOf(label),
      quote,
      start,
      end,
    })),
  };
}

function positionOf(label: string): number | null {
  const [, digits] = LABEL.exec(label.trim().toUpperCase()) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** A claim that the evidence does not bear out: what a repair sends back. */
export function isFailing({ standing }: Pick<VerifiedClaim, "standing">): boolean {
  return standing === "unsupported" || standing === "contradicted";
}
