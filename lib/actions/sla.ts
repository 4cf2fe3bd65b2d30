"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { setSla } from "#lib/commands/set-sla.ts";
import { previewSlaInput, setSlaInput } from "#lib/contracts/sla.ts";
import { previewSla } from "#lib/queries/preview-sla.ts";
import { by } from "./by.ts";

/** What new service clocks would say of the incidents that are open. */
export const previewSlaAction = defineAction({
  name: "sla_preview",
  permission: "policy:manage",
  input: previewSlaInput,
  run: ({ input, db }) => previewSla(db, input.minutes),
});

export const setSlaAction = defineAction({
  name: "sla_set",
  permission: "policy:manage",
  input: setSlaInput,
  run: ({ person, input, db }) => setSla(db, input, by(person)),
});
