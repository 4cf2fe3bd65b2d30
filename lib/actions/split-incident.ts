"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { splitIncident } from "#lib/commands/split-incident.ts";
import { undoSplit } from "#lib/commands/undo-split.ts";
import { splitIncidentInput, undoSplitInput } from "#lib/contracts/split-inputs.ts";
import { by } from "./by.ts";

/** Opens an incident of some records of another; refused by name where something signed, waiting or in effect is in the way. */
export const splitIncidentAction = defineAction({
  name: "incident_split",
  permission: "incident:merge",
  input: splitIncidentInput,
  run: ({ person, input, db }) => splitIncident(db, input, by(person)),
});

/** Takes a split back, as long as nothing was built upon either incident. */
export const undoSplitAction = defineAction({
  name: "split_undo",
  permission: "incident:merge",
  input: undoSplitInput,
  run: ({ person, input, db }) => undoSplit(db, input, by(person)),
});
