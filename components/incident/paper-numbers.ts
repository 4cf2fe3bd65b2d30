import type { CitationView, SummaryView } from "#lib/contracts/views.ts";

export type Cited = { number: number; evidenceId: string; label: string; quotes: string[] };

/** The records that claims cite, numbered as they are met in reading, each with the words that are quoted of it. */
export function citedInOrder(summaries: readonly Pick<SummaryView, "claims">[]): Cited[] {
  const found = new Map<string, Cited>();
  for (const { evidenceId, label, quote } of summaries.flatMap(citationsOf)) {
    if (evidenceId === null) continue;
    const cited = found.get(evidenceId) ?? {
      number: found.size + 1,
      evidenceId,
      label,
      quotes: [],
    };
    if (quote !== "" && !cited.quotes.includes(quote)) cited.quotes.push(quote);
    found.set(evidenceId, cited);
  }
  return [...found.values()];
}

function citationsOf({ claims }: Pick<SummaryView, "claims">): CitationView[] {
  return claims.flatMap(({ citations }) => citations);
}
