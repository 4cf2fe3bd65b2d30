"use server";

import { z } from "zod";
import { defineAction } from "#lib/boundary/define-action.ts";
import { openStatement as open } from "#lib/commands/open-statement.ts";
import { by } from "./by.ts";

export const openStatement = defineAction({
  name: "statement_open",
  permission: "decision:sign",
  input: z.strictObject({ decisionId: z.uuid() }),
  run: ({ person, input, db }) => open(db, input, by(person)),
});
