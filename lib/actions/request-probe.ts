"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { requestProbeInput } from "#lib/contracts/copilot-inputs.ts";
import { by } from "./by.ts";

export const requestProbe = defineAction({
  name: "probe_request",
  permission: "model:manage",
  input: requestProbeInput,
  run: ({ person, input, db }) => requestRun(db, { kind: "probe", ...input }, by(person)),
});
