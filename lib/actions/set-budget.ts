"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { setBudget as set } from "#lib/commands/set-budget.ts";
import { setBudgetInput } from "#lib/contracts/copilot-inputs.ts";
import { by } from "./by.ts";

export const setBudget = defineAction({
  name: "budget_set",
  permission: "model:manage",
  input: setBudgetInput,
  run: ({ person, input, db }) => set(db, input, by(person)),
});
