"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { stopModel as stop } from "#lib/commands/stop-model.ts";
import { stopModelInput } from "#lib/contracts/copilot-inputs.ts";
import { by } from "./by.ts";

/** The kill switch: no password, at once. */
export const stopModel = defineAction({
  name: "model_stop",
  permission: "model:stop",
  input: stopModelInput,
  run: ({ person, input, db }) => stop(db, input, by(person)),
});
