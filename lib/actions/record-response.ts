"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { recordResponse as record } from "#lib/commands/record-response.ts";
import { recordResponseInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const recordResponse = defineAction({
  name: "response_record",
  permission: "incident:work",
  input: recordResponseInput,
  run: ({ person, input, db }) => record(db, input, by(person)),
});
