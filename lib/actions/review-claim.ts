"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { reviewClaim as review } from "#lib/commands/review-claim.ts";
import { reviewClaimInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const reviewClaim = defineAction({
  name: "claim_review",
  permission: "claim:review",
  input: reviewClaimInput,
  run: ({ person, input, db }) => review(db, input, by(person)),
});
