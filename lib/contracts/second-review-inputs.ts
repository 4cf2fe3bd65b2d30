/** What people send about second reviews, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import {
  SECOND_REVIEW_OUTCOMES,
  SECOND_REVIEW_WORDS_MAX,
  SECOND_REVIEW_WORDS_MIN,
} from "#lib/domain/decision/second-review.ts";
import { TEXT_LIMITS } from "./limits.ts";
import { assertion, signedIn } from "./passkey-inputs.ts";

/** What the review says: what its statement is made from, before it is signed. */
export const secondReviewInput = z.strictObject({
  decisionId: z.uuid(),
  outcome: z.enum(SECOND_REVIEW_OUTCOMES),
  words: z
    .string()
    .trim()
    .min(SECOND_REVIEW_WORDS_MIN, `Write at least ${SECOND_REVIEW_WORDS_MIN} characters.`)
    .max(SECOND_REVIEW_WORDS_MAX)
    .refine((value) => !value.includes("\u0000"), "Remove the null character."),
});
export type SecondReviewWord = z.output<typeof secondReviewInput>;

/** Signed by the password; `statementSha256`: the digest of the statement that was shown. */
export const giveSecondReviewInput = secondReviewInput.extend({
  statementSha256: z.string().regex(/^[0-9a-f]{64}$/),
  password: z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password),
});
export type GiveSecondReview = z.output<typeof giveSecondReviewInput>;

/** Signed by a passkey; and as web hands it to the verifier. */
export const giveSecondReviewWithPasskeyInput = secondReviewInput.extend(assertion);
export const reviewVerifierInput = giveSecondReviewWithPasskeyInput.extend(signedIn);
export type ReviewVerifierInput = z.infer<typeof reviewVerifierInput>;

/** The address of the list; what cannot be read is left out. */
export const secondReviewsQuery = z.object({
  state: z.enum(["due", "given"]).catch("due"),
  cursor: z.string().max(200).optional().catch(undefined),
});
