"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { sealPublicKey } from "#lib/boundary/keys.ts";
import { saveModelConfig as save } from "#lib/commands/save-model-config.ts";
import { saveModelConfigInput } from "#lib/contracts/copilot-inputs.ts";
import { by } from "./by.ts";

/** Stores a version of a profile for good and asks for its probe; its key is sealed and never read back. */
export const saveModelConfig = defineAction({
  name: "model_config_save",
  permission: "model:manage",
  input: saveModelConfigInput,
  run: ({ person, input, db }) => save(db, input, by(person), { sealPublicKey: sealPublicKey() }),
});
