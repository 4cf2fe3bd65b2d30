import type { ClaimKind, ReviewOutcome, Standing } from "./claim.ts";

/** A claim as the hash of an incident's claims sees it. `review` is the last word of a person on it. */
export type HashedClaim = {
  id: string;
  text: string;
  kind: ClaimKind;
  standing: Standing;
  citations: { evidence: string | null; start: number | null; end: number | null; quote: string }[];
  review: { id: string; outcome: ReviewOutcome } | null;
};

/** Given by the caller, since the rules know neither hashing nor the canonical form. */
export type HashTools = {
  canonicalJson: (value: unknown) => string;
  sha256: (text: string) => Buffer;
};

/**
 * sha256 of the canonical JSON of everything that is claimed about an incident and what people said to it: the
 * claims of its current rules and model summaries, in order. A decision freezes it; any change makes that stale.
 */
export function claimsHash(
  claims: readonly HashedClaim[],
  { canonicalJson, sha256 }: HashTools,
): Buffer {
  const manifest = claims.map(({ id, text, kind, standing, citations, review }) => ({
    id,
    text,
    kind,
    standing,
    citations: citations.map(({ evidence, start, end, quote }) => ({
      evidence,
      start,
      end,
      quote_sha256: sha256(quote).toString("hex"),
    })),
    review,
  }));
  return sha256(canonicalJson(manifest));
}
