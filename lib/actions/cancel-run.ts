"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { cancelRun as cancel } from "#lib/commands/cancel-run.ts";
import { runInput } from "#lib/contracts/copilot-inputs.ts";
import { by } from "./by.ts";

export const cancelRun = defineAction({
  name: "run_cancel",
  permission: "question:ask",
  input: runInput,
  run: ({ person, input, db }) => cancel(db, input, by(person)),
});
