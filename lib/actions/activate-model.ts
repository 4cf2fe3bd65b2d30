"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { activateModel as activate } from "#lib/commands/activate-model.ts";
import { activateModelInput, activationStatementInput } from "#lib/contracts/copilot-inputs.ts";
import { activationStatement as statement } from "#lib/queries/activation-statement.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

/** What would be signed, word for word, for the signer to read first. */
export const activationStatement = defineAction({
  name: "activation_statement",
  permission: "model:manage",
  input: activationStatementInput,
  run: ({ input, db }) => statement(db, input),
});

export const activateModel = defineAction({
  name: "model_activate",
  permission: "model:manage",
  input: activateModelInput,
  run: ({ person, input, db }) => limitSigning(person, () => activate(db, input, by(person))),
});
