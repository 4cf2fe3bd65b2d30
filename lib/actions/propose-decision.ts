"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { proposeDecision as propose } from "#lib/commands/propose-decision.ts";
import { proposeDecisionInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const proposeDecision = defineAction({
  name: "decision_propose",
  permission: "decision:propose",
  input: proposeDecisionInput,
  run: ({ person, input, db }) => propose(db, input, by(person)),
});
