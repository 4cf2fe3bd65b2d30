"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { judgeOverride as judge } from "#lib/commands/judge-override.ts";
import { judgeOverrideInput } from "#lib/contracts/override-inputs.ts";
import { by } from "./by.ts";

export const judgeOverride = defineAction({
  name: "override_judge",
  permission: "review:judge",
  input: judgeOverrideInput,
  run: ({ person, input, db }) => judge(db, input, by(person)),
});
