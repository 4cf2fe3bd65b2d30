/** What people send about second reviews, with its limits. One schema for the form and the door. */
import { z } from "zod";
import {
  SECOND_REVIEW_OUTCOMES,
  SECOND_REVIEW_WORDS_MAX,
  SECOND_REVIEW_WORDS_MIN,
} from "#lib/domain/decision/second-review.ts";

// The browser loads this too, and its policy forbids making functions out of text.
z.config({ jitless: true });

export const giveSecondReviewInput = z.strictObject({
  decisionId: z.uuid(),
  outcome: z.enum(SECOND_REVIEW_OUTCOMES),
  words: z
    .string()
    .trim()
    .min(SECOND_REVIEW_WORDS_MIN, `Write at least ${SECOND_REVIEW_WORDS_MIN} characters.`)
    .max(SECOND_REVIEW_WORDS_MAX)
    .refine((value) => !value.includes("\u0000"), "Remove the null character."),
});
export type GiveSecondReview = z.output<typeof giveSecondReviewInput>;

/** The address of the list; what cannot be read is left out. */
export const secondReviewsQuery = z.object({
  state: z.enum(["due", "given"]).catch("due"),
  cursor: z.string().max(200).optional().catch(undefined),
});
