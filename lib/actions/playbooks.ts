"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { writePlaybook } from "#lib/commands/write-playbook.ts";
import { writePlaybookInput } from "#lib/contracts/playbooks.ts";
import { by } from "./by.ts";

/** Writes the next version of a playbook, or retires it. */
export const writePlaybookAction = defineAction({
  name: "playbook_write",
  permission: "playbook:write",
  input: writePlaybookInput,
  run: ({ person, input, db }) => writePlaybook(db, input, by(person)),
});
