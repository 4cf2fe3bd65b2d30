"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { revokeSource } from "#lib/commands/revoke-source.ts";
import { rotateSourceToken } from "#lib/commands/rotate-source-token.ts";
import { createSourceInput, sourceInput } from "#lib/contracts/desk-inputs.ts";
import { by } from "./by.ts";

/** Adds a source; its token is in the answer and nowhere else afterwards. */
export const createSourceAction = defineAction({
  name: "source_create",
  permission: "source:manage",
  input: createSourceInput,
  run: ({ person, input, db }) => createSource(db, input, by(person)),
});

/** Gives a source a new token; the old one stops at once. */
export const rotateSourceTokenAction = defineAction({
  name: "source_rotate_token",
  permission: "source:manage",
  input: sourceInput,
  run: ({ person, input, db }) => rotateSourceToken(db, input, by(person)),
});

/** Ends a source's right to post; what it brought stays. */
export const revokeSourceAction = defineAction({
  name: "source_revoke",
  permission: "source:manage",
  input: sourceInput,
  run: ({ person, input, db }) => revokeSource(db, input, by(person)),
});
