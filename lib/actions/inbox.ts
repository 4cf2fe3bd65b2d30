"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import {
  releaseDecision as release,
  takeDecision as take,
  takeNextDecision as takeNext,
} from "#lib/commands/take-decision.ts";
import { takeDecisionInput, takeNextInput } from "#lib/contracts/inbox.ts";
import { by } from "./by.ts";

export const takeDecision = defineAction({
  name: "decision_take",
  permission: "decision:sign",
  input: takeDecisionInput,
  run: ({ person, input, db }) => take(db, input.decisionId, by(person)),
});

export const takeNextDecision = defineAction({
  name: "decision_take_next",
  permission: "decision:sign",
  input: takeNextInput,
  run: ({ person, db }) => takeNext(db, by(person)),
});

export const releaseDecision = defineAction({
  name: "decision_release",
  permission: "decision:sign",
  input: takeDecisionInput,
  run: ({ person, input, db }) => release(db, input.decisionId, by(person)),
});
