"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { requestSummary as request } from "#lib/commands/request-summary.ts";
import { incidentInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const requestSummary = defineAction({
  name: "summary_request",
  permission: "summary:request",
  input: incidentInput,
  run: ({ person, input, db }) => request(db, input, by(person)),
});
