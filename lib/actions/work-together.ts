"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { assignIncidents as assign } from "#lib/commands/assign-incidents.ts";
import { noteIncidents as note } from "#lib/commands/note-incidents.ts";
import {
  assignableInput,
  assignIncidentsInput,
  noteIncidentsInput,
} from "#lib/contracts/together-inputs.ts";
import { listAssignable } from "#lib/queries/list-assignable.ts";
import { by } from "./by.ts";

/** Who an incident can be given to. */
export const assignablePeople = defineAction({
  name: "people_assignable",
  permission: "incident:assign",
  input: assignableInput,
  run: ({ db }) => listAssignable(db),
});

/** Hands several incidents over; the answer says of each whether it changed, and why not. */
export const assignIncidents = defineAction({
  name: "incidents_assign",
  permission: "incident:assign",
  input: assignIncidentsInput,
  run: ({ person, input, db }) => assign(db, input, by(person)),
});

/** Adds one note to several incidents. */
export const noteIncidents = defineAction({
  name: "incidents_note",
  permission: "note:add",
  input: noteIncidentsInput,
  run: ({ person, input, db }) => note(db, input, by(person)),
});
