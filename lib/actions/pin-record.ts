"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { pinRecord as pin } from "#lib/commands/pin-record.ts";
import { pinRecordInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const pinRecord = defineAction({
  name: "record_pin",
  permission: "record:pin",
  input: pinRecordInput,
  run: ({ person, input, db }) => pin(db, input, by(person)),
});
