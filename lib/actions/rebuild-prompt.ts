"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { runInput } from "#lib/contracts/copilot-inputs.ts";
import { notFound } from "#lib/domain/problem.ts";
import { rebuildRequest } from "#lib/queries/rebuild-request.ts";

/** Makes the request of a run once more from what is stored, and says whether it comes out the same. */
export const rebuildPrompt = defineAction({
  name: "prompt_rebuild",
  permission: "run:read",
  input: runInput,
  run: async ({ input, db }) => {
    const rebuilt = await rebuildRequest(db, input.runId);
    if (!rebuilt) throw notFound("run");
    return rebuilt;
  },
});
