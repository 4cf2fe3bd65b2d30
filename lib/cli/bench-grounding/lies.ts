/** Short ways to write down what an operator makes. */
import {
  type DraftClaim,
  type Predicate,
  type Standing,
  UNUSED,
} from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";

export const FALSE: Standing[] = ["contradicted"];
export const ABSENT: Standing[] = ["unsupported"];
export const HARD: Standing[] = ["unsupported", "contradicted"];
export const OPEN: Standing[] = ["partial"];

/** The claim changed, its predicates as they were. */
export function told(
  variant: string,
  expected: Standing[],
  claim: DraftClaim,
  change: Partial<DraftClaim>,
  asserts: Predicate[] | null = null,
): Lie {
  return { variant, mode: "text", claim: { ...claim, ...change }, expected, asserts };
}

/** The claim changed, with predicates that say the same. */
export function backed(
  variant: string,
  expected: Standing[],
  claim: DraftClaim,
  change: Partial<DraftClaim>,
  asserts: Predicate[],
): Lie {
  const predicates = change.predicates ?? asserts;
  return { variant, mode: "both", claim: { ...claim, ...change, predicates }, expected, asserts };
}

export function saying(more: Partial<Predicate>): Predicate {
  return { ...UNUSED, ...more };
}

/** `field=value & ...` of the predicates that give single fields values. */
export function queryOf(predicates: Predicate[]): string {
  return predicates
    .map(({ field, value }) => {
      const plain = !/^["\s]| & |\s$|\p{Cc}/u.test(value);
      return `${field}=${plain ? value : JSON.stringify(value)}`;
    })
    .join(" & ");
}

/** The text with quoted stretches made unreadable, so that no title is changed. */
export function unquoted(text: string): string {
  return text.replace(/"[^"]*"/g, (quote) => "\u0001".repeat(quote.length));
}

export function stemOf(text: string): string {
  return text.replace(/\.$/, "");
}
