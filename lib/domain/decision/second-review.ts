/** The second review of a decision by break-glass: who may give it, pure. Postgres asks again (`gate.check_second_review`). */
import type { Signer } from "./decision.ts";
import type { Reason } from "./gate.ts";

export const SECOND_REVIEW_OUTCOMES = ["upheld", "objected"] as const;
export type SecondReviewOutcome = (typeof SECOND_REVIEW_OUTCOMES)[number];

/** Of an incident: a decision by break-glass waits for its signature, or took effect and this came of it. */
export type BreakGlassState = "waiting" | "review_due" | SecondReviewOutcome;

/** In UTF-16 units. */
export const SECOND_REVIEW_WORDS_MIN = 10;
export const SECOND_REVIEW_WORDS_MAX = 2_000;

export const SECOND_REVIEW_WORDS: Record<SecondReviewOutcome, string> = {
  upheld: "Upheld",
  objected: "Objected to",
};

export type SecondReviewCode =
  | "not_due"
  | "reviewed"
  | "reviewer_inactive"
  | "role_too_low"
  | "reviewer_decided";

export type SecondReviewInput = {
  /** Null where no second review is due. */
  review: { given: boolean } | null;
  proposerId: string;
  signerIds: readonly string[];
  reviewer: Signer;
};

/** Every reason why this person may not give this second review; none when they may. */
export function ruleSecondReview(input: SecondReviewInput): Reason<SecondReviewCode>[] {
  const { review, proposerId, signerIds, reviewer } = input;
  if (!review) {
    return [{ code: "not_due", sentence: "No second review is due for this decision." }];
  }
  const reasons: Reason<SecondReviewCode>[] = [];
  if (review.given) {
    reasons.push({ code: "reviewed", sentence: "The second review is given already." });
  }
  if (!reviewer.active) {
    reasons.push({ code: "reviewer_inactive", sentence: "Your account is not active." });
  }
  if (reviewer.role !== "lead") {
    reasons.push({ code: "role_too_low", sentence: "Only a lead gives a second review." });
  }
  if (reviewer.id === proposerId || signerIds.includes(reviewer.id)) {
    reasons.push({
      code: "reviewer_decided",
      sentence: "You proposed or signed this; another lead must review it.",
    });
  }
  return reasons;
}
