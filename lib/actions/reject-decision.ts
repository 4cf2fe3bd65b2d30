"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { signDecision as sign } from "#lib/commands/sign-decision.ts";
import { rejectDecisionInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

export const rejectDecision = defineAction({
  name: "decision_reject",
  permission: "decision:sign",
  input: rejectDecisionInput,
  run: ({ person, input, db }) =>
    limitSigning(person, () => sign(db, { ...input, outcome: "rejected" }, by(person))),
});
