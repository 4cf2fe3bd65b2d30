"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { requestRun as request } from "#lib/commands/request-run.ts";
import { requestRunInput } from "#lib/contracts/copilot-inputs.ts";
import { by } from "./by.ts";

export const requestRun = defineAction({
  name: "run_request",
  permission: "question:ask",
  input: requestRunInput,
  run: ({ person, input, db }) => request(db, input, by(person)),
});
