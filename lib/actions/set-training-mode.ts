"use server";

import { z } from "zod";
import { defineAction } from "#lib/boundary/define-action.ts";
import { setTrainingMode as set } from "#lib/commands/set-training-mode.ts";
import { by } from "./by.ts";

export const setTrainingMode = defineAction({
  name: "training_set",
  permission: "training:choose",
  input: z.strictObject({ on: z.boolean() }),
  run: ({ person, input, db }) => set(db, input, by(person)),
});
