"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { requestEvaluation as request } from "#lib/commands/record-evaluation.ts";
import { requestEvaluationInput } from "#lib/contracts/copilot-inputs.ts";
import { nextEvaluation } from "#lib/queries/model-presets.ts";
import { by } from "./by.ts";

/** Asks for an evaluation of a profile with the newest prompts. */
export const requestEvaluation = defineAction({
  name: "evaluation_request",
  permission: "model:manage",
  input: requestEvaluationInput,
  run: ({ person, input, db }) => request(db, { ...input, ...nextEvaluation() }, by(person)),
});
