"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { withdrawDecision as withdraw } from "#lib/commands/withdraw-decision.ts";
import { withdrawDecisionInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const withdrawDecision = defineAction({
  name: "decision_withdraw",
  permission: "decision:withdraw",
  input: withdrawDecisionInput,
  run: ({ person, input, db }) => withdraw(db, input, by(person)),
});
