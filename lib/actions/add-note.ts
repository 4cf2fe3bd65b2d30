"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { addNote as add } from "#lib/commands/add-note.ts";
import { addNoteInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const addNote = defineAction({
  name: "note_add",
  permission: "note:add",
  input: addNoteInput,
  run: ({ person, input, db }) => add(db, input, by(person)),
});
