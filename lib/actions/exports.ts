"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import {
  askExport as ask,
  cancelExport as cancel,
  repeatExport as repeat,
} from "#lib/commands/exports/ask-export.ts";
import { askExportInput, estimateExportInput, exportInput } from "#lib/contracts/export-inputs.ts";
import { estimateExport as estimate, scopeOfInput } from "#lib/queries/export-scope.ts";
import { by } from "./by.ts";

/** How many entries and incidents an export of this scope would hold now. */
export const estimateExport = defineAction({
  name: "export_estimate",
  permission: "trail:export",
  input: estimateExportInput,
  run: ({ input, db }) => estimate(db, input.scope),
});

export const askExport = defineAction({
  name: "export_ask",
  permission: "trail:export",
  input: askExportInput,
  run: async ({ person, input, db }) => {
    const scope = await scopeOfInput(db, input.scope);
    return ask(db, { ...input, scope }, by(person));
  },
});

/** Asks for the same again, as one's own. */
export const repeatExport = defineAction({
  name: "export_repeat",
  permission: "trail:export",
  input: exportInput,
  run: ({ person, input, db }) => repeat(db, input, by(person)),
});

export const cancelExport = defineAction({
  name: "export_cancel",
  permission: "trail:export",
  input: exportInput,
  run: ({ person, input, db }) => cancel(db, input, by(person)),
});
