/** What screens are given about decisions by break-glass and their second reviews: plain data, ISO 8601 UTC. */
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import type { SecondReviewOutcome } from "#lib/domain/decision/second-review.ts";
import type { PersonView } from "./views.ts";

export type SecondReviewView = {
  dueAt: string;
  /** Null until a lead gave it. */
  given: { outcome: SecondReviewOutcome; words: string; at: string; person: PersonView } | null;
};

export type SecondReviewLine = SecondReviewView & {
  decisionId: string;
  kind: DecisionKind;
  content: DecisionContent;
  proposer: PersonView;
  signers: PersonView[];
  incident: { id: string; number: string; title: string };
};
export type SecondReviewPage = {
  reviews: SecondReviewLine[];
  nextCursor: string | null;
  dueCount: number;
};
