import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import { parseWhere, whereAll, whereKnown, whereTerm, whereUnknown } from "#lib/grounding/query.ts";
import { longestWithoutMarks, replacePseudonyms } from "./tokens.ts";

/** Stand-in to what stood there. Holds no secret: those are not kept. */
export type RedactionMap = { v: 1; originals: Record<string, string> };

export type Restorer = {
  /** The text with what stood there for stand-ins that are known; a made-up one stays and matches nothing. */
  restoreText: (text: string) => string;
  /** The claim as if the model had seen the records themselves; ids of evidence are never touched. */
  restoreClaim: (claim: DraftClaim) => DraftClaim;
};

export function restorerOf({ originals }: RedactionMap): Restorer {
  return makeRestorer(new Map(Object.entries(originals)));
}

export function makeRestorer(originals: ReadonlyMap<string, string>): Restorer {
  const restoreText = (text: string) => replacePseudonyms(text, originals);
  const restoreClaim = (claim: DraftClaim): DraftClaim => ({
    ...claim,
    text: restoreText(claim.text),
    citations: claim.citations.map(({ id, quote }) => ({
      id,
      quote: restoreText(longestWithoutMarks(quote)),
    })),
    predicates: claim.predicates.map((predicate) => restorePredicate(predicate, restoreText)),
  });
  return { restoreText, restoreClaim };
}

function restorePredicate(predicate: Predicate, restore: (text: string) => string): Predicate {
  const { where, field, value } = predicate;
  return { ...predicate, where: restoreWhere(where, restore), field, value: restore(value) };
}

/** Term by term, since what stood there may need quotation marks where its stand-in needed none. */
function restoreWhere(where: string, restore: (text: string) => string): string {
  const plain = restore(where);
  if (plain === where) return where;
  const parsed = parseWhere(where);
  if (!parsed.ok) return plain;
  return whereAll(
    ...parsed.terms.map(({ field, op, value }) => {
      if (op === "known") return whereKnown(field);
      if (op === "unknown") return whereUnknown(field);
      return whereTerm(field, restore(value), op);
    }),
  );
}
