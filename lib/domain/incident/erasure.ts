/** Why the law has what an incident's entries tell erased; GDPR, Article 17(1). */
export const LEGAL_BASES = [
  "purpose_ended",
  "consent_withdrawn",
  "objection",
  "unlawful_processing",
  "legal_obligation",
] as const;
export type LegalBasis = (typeof LEGAL_BASES)[number];

const BASIS_WORDS: Record<LegalBasis, string> = {
  purpose_ended: "No longer needed for its purpose (Art. 17(1)(a))",
  consent_withdrawn: "Consent withdrawn (Art. 17(1)(b))",
  objection: "The person objects (Art. 17(1)(c))",
  unlawful_processing: "Processed unlawfully (Art. 17(1)(d))",
  legal_obligation: "A law asks for it (Art. 17(1)(e))",
};

export function basisWords(basis: LegalBasis): string {
  return BASIS_WORDS[basis];
}

/** What an erasure leaves: said wherever one is asked for or approved, and in docs/decisions/033. */
export const NOT_ERASED =
  "It takes what the entries of this incident's trail tell, and their key. It leaves the incident's own rows: its title, evidence, summaries, claims, requests to models and their answers, notes, decisions with their statements, responses and notices; and copies in older backups.";

export const ERASURE_STATES = ["open", "approved", "refused", "withdrawn", "expired"] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];
