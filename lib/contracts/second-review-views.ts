/** What screens are given about decisions by break-glass and their second reviews: plain data, ISO 8601 UTC. */
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import type { SecondReviewOutcome } from "#lib/domain/decision/second-review.ts";
import type { PasskeyView } from "./passkey-view.ts";
import type { PersonView } from "./views.ts";

export type SecondReviewView = {
  dueAt: string;
  /** Null until a lead gave it. */
  given: {
    outcome: SecondReviewOutcome;
    words: string;
    at: string;
    person: PersonView;
    /** Null: given before second reviews were signed. */
    assurance: "password" | "passkey" | null;
  } | null;
};

/** What a second review signs, and by what this person may: shown before it is signed. */
export type SecondReviewStatement = {
  /** RFC 8785 JSON, and the hex of its sha256. */
  statement: string;
  statementSha256: string;
  /** What the policy asks for at least. */
  assurance: "password" | "passkey";
  passkeys: PasskeyView[];
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
