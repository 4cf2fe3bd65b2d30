/** Mutants of the true claims of one incident, without those that are still true. */
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { BenchIncident, Lie, Mutant, TrueClaim } from "./bench-claim.ts";
import type { Variants } from "./evidence-variants.ts";
import { contextOf } from "./mutant-context.ts";
import type { Pool } from "./mutant-context.ts";
import { isTrue } from "./oracle.ts";
import type { OperatorEntry } from "./operators.ts";
import { randomFrom } from "./random.ts";

export type Made = { mutants: Mutant[]; equivalent: Map<string, number> };

/**
 * Every operator on up to `most` of the claims. Draws depend on the claim and the operator alone,
 * so that one operator by itself makes the same mutants.
 */
export function makeMutants(
  incident: BenchIncident,
  claims: TrueClaim[],
  operators: OperatorEntry[],
  more: { pool: Pool; variants: Variants; most: number },
): Made {
  const made: Made = { mutants: [], equivalent: new Map() };
  const context = contextOf(
    incident,
    claims.map(({ claim }) => claim),
    more.pool,
    more.variants,
  );
  for (const { id: operator, make } of operators) {
    let used = 0;
    for (const claim of shuffled(claims, operator)) {
      if (used === more.most) break;
      const lies = make(claim.claim, context, randomFrom(`${operator}:${claim.id}`));
      if (lies.length > 0) used += 1;
      lies.forEach((lie, at) => {
        if (isStillTrue(lie, claim.claim, incident)) {
          made.equivalent.set(operator, (made.equivalent.get(operator) ?? 0) + 1);
          return;
        }
        const { asserts: _asserts, ...rest } = lie;
        const { id, incident: of, side, origin } = claim;
        made.mutants.push({
          ...rest,
          id: `${operator}:${id}:${at}`,
          operator,
          incident: of,
          side,
          origin,
        });
      });
    }
  }
  return made;
}

/** An order of its own for each operator, so that not the same claims are always taken. */
function shuffled(claims: TrueClaim[], operator: string): TrueClaim[] {
  return randomFrom(`${operator}:${claims[0]?.incident ?? ""}`).sample(claims, claims.length);
}

/** What it says is true by the oracle, or it is the claim itself. */
function isStillTrue(lie: Lie, original: DraftClaim, incident: BenchIncident): boolean {
  if (lie.evidence === undefined && JSON.stringify(lie.claim) === JSON.stringify(original))
    return true;
  return lie.asserts !== null && lie.asserts.every((p) => isTrue(p, incident.records) === true);
}
