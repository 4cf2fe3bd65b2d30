import type { ClaimView } from "#lib/contracts/views.ts";

/** A number for each record cited in a summary, from 1 in the order of first mention, by its label. */
export function citationNumbers(claims: readonly ClaimView[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const claim of claims) {
    for (const { label } of claim.citations) {
      if (!numbers.has(label)) numbers.set(label, numbers.size + 1);
    }
  }
  return numbers;
}

/** A claim's citations with the ones to the same place in the same record taken once. */
export function distinctCitations(claim: Pick<ClaimView, "citations">): ClaimView["citations"] {
  const seen = new Set<string>();
  return claim.citations.filter(({ label, start, quote }) => {
    const key = `${label}:${start ?? quote}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
