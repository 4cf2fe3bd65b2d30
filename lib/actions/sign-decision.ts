"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { signDecision as sign } from "#lib/commands/sign-decision.ts";
import { signDecisionInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

export const signDecision = defineAction({
  name: "decision_sign",
  permission: "decision:sign",
  input: signDecisionInput,
  run: ({ person, input, db }) =>
    limitSigning(person, () => sign(db, { ...input, outcome: "approved" }, by(person))),
});
