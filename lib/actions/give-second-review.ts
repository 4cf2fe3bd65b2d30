"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { giveSecondReview as give } from "#lib/commands/give-second-review.ts";
import { giveSecondReviewInput } from "#lib/contracts/second-review-inputs.ts";
import { by } from "./by.ts";

export const giveSecondReview = defineAction({
  name: "second_review_give",
  permission: "second_review:give",
  input: giveSecondReviewInput,
  run: ({ person, input, db }) => give(db, input, by(person)),
});
