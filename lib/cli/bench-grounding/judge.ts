/** Runs the verifier over the true claims and the mutants of one incident. */
import { writeRulesSummary } from "#lib/grounding/rules-summary.ts";
import { attachQuotes } from "#lib/grounding/quotes.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import type { Evidence } from "#lib/grounding/verify-claim.ts";
import type { DraftClaim, Standing, VerifiedClaim } from "#lib/domain/summary/claim.ts";
import type { BenchIncident, Mutant, TrueClaim, Variant } from "./bench-claim.ts";
import { VARIANTS } from "./bench-claim.ts";
import { constructClaims, constructReserved } from "./constructed-claims.ts";
import type { Variants } from "./evidence-variants.ts";

export type JudgedClaim = { claim: TrueClaim; verified: VerifiedClaim };
export type JudgedMutant = { mutant: Mutant; standing: Standing; verified: VerifiedClaim };

/** The rules summary of the incident, and the constructor's claims. */
export function trueClaims(incident: BenchIncident, most: number): TrueClaim[] {
  const { id, side, records, raws } = incident;
  const draft = writeRulesSummary(records, { sources: [], capped: false });
  const rules = attachQuotes(draft, (at) => raws.get(at) ?? "").map((quoted, at): TrueClaim => {
    const { text, kind, polarity, predicates, citations, family } = quoted;
    const claim: DraftClaim = { text, kind, polarity, predicates, citations };
    const format = formatOf(incident, citations[0]?.id);
    return {
      id: `${id}:r${at}`,
      incident: id,
      side,
      origin: "rules",
      format,
      relation: family,
      claim,
    };
  });
  return [...rules, ...constructClaims(incident, most), ...constructReserved(incident, most)];
}

function formatOf({ records }: BenchIncident, label: string | undefined): TrueClaim["format"] {
  const record = records[Number(label?.slice(1) ?? 1) - 1] ?? records[0];
  return record?.format ?? "generic";
}

export function judgeClaims(claims: TrueClaim[], evidence: Evidence): JudgedClaim[] {
  const verified = verifyClaims(
    claims.map(({ claim }) => claim),
    evidence,
  );
  return claims.map((claim, at) => ({ claim, verified: verified[at]! }));
}

/** In the order they were given, each on the evidence it asks for. */
export function judgeMutants(mutants: Mutant[], variants: Variants): JudgedMutant[] {
  const found = new Map<Mutant, VerifiedClaim>();
  for (const variant of VARIANTS) {
    const own = mutants.filter((mutant) => variantOf(mutant) === variant);
    if (own.length === 0) continue;
    const verified = verifyClaims(
      own.map(({ claim }) => claim),
      variants.evidence[variant],
    );
    own.forEach((mutant, at) => found.set(mutant, verified[at]!));
  }
  return mutants.map((mutant) => {
    const verified = found.get(mutant)!;
    return { mutant, standing: verified.standing, verified };
  });
}

function variantOf(mutant: Mutant): Variant {
  return mutant.evidence ?? "as-is";
}
