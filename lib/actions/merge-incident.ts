"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { mergeIncident } from "#lib/commands/merge-incident.ts";
import { undoMerge } from "#lib/commands/undo-merge.ts";
import { mergeIncidentInput, undoMergeInput } from "#lib/contracts/merge-inputs.ts";
import { by } from "./by.ts";

/** Merges one incident into another; refused by name where something signed, waiting or in effect is in the way. */
export const mergeIncidentAction = defineAction({
  name: "incident_merge",
  permission: "incident:merge",
  input: mergeIncidentInput,
  run: ({ person, input, db }) => mergeIncident(db, input, by(person)),
});

/** Takes a merge apart, as long as nothing was built upon it. */
export const undoMergeAction = defineAction({
  name: "merge_undo",
  permission: "incident:merge",
  input: undoMergeInput,
  run: ({ person, input, db }) => undoMerge(db, input, by(person)),
});
