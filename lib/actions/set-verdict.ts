"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { setVerdict as set } from "#lib/commands/set-verdict.ts";
import { setVerdictInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const setVerdict = defineAction({
  name: "verdict_set",
  permission: "verdict:set",
  input: setVerdictInput,
  run: ({ person, input, db }) => set(db, input, by(person)),
});
