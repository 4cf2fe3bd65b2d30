"use server";

import { askVerifierOfReview } from "#lib/boundary/ask-verifier.ts";
import { defineAction } from "#lib/boundary/define-action.ts";
import { giveSecondReview as give } from "#lib/commands/give-second-review.ts";
import {
  giveSecondReviewInput,
  giveSecondReviewWithPasskeyInput,
  secondReviewInput,
} from "#lib/contracts/second-review-inputs.ts";
import { secondReviewStatement as statementOf } from "#lib/queries/second-review-statement.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

/** What would be signed, and by what. */
export const secondReviewStatement = defineAction({
  name: "second_review_statement",
  permission: "second_review:give",
  input: secondReviewInput,
  run: ({ person, input, db }) => statementOf(db, input, person.id),
});

export const giveSecondReview = defineAction({
  name: "second_review_give",
  permission: "second_review:give",
  input: giveSecondReviewInput,
  run: ({ person, input, db }) => limitSigning(person, () => give(db, input, by(person))),
});

/** Hands an assertion to the verifier: this process could not write the review itself. */
export const giveSecondReviewWithPasskey = defineAction({
  name: "second_review_give_with_passkey",
  permission: "second_review:give",
  input: giveSecondReviewWithPasskeyInput,
  run: ({ person, input }) =>
    askVerifierOfReview({ ...input, personId: person.id, session: by(person).session }),
});
