"use server";

import { askVerifier } from "#lib/boundary/ask-verifier.ts";
import { defineAction } from "#lib/boundary/define-action.ts";
import { enrolPasskey as enrol } from "#lib/commands/enrol-passkey.ts";
import { revokePasskey as revoke } from "#lib/commands/revoke-passkey.ts";
import {
  enrolPasskeyInput,
  revokePasskeyInput,
  signWithPasskeyInput,
} from "#lib/contracts/passkey-inputs.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

/** Enrols what the browser made, by the password entered again. */
export const enrolPasskey = defineAction({
  name: "passkey_enrol",
  permission: "passkey:enrol",
  input: enrolPasskeyInput,
  run: ({ person, input, db }) =>
    limitSigning(person, () =>
      enrol(db, { ...input, sessionId: person.sessionId }, { by: by(person) }),
    ),
});

/** Ends one by the password entered again: whoever holds a session alone ends none. */
export const revokePasskey = defineAction({
  name: "passkey_revoke",
  permission: "passkey:revoke",
  input: revokePasskeyInput,
  run: ({ person, input, db }) => limitSigning(person, () => revoke(db, input, by(person))),
});

/** Hands an assertion to the verifier: this process could not write the sign-off itself. */
export const signWithPasskey = defineAction({
  name: "decision_sign_with_passkey",
  permission: "decision:sign",
  input: signWithPasskeyInput,
  run: ({ person, input }) =>
    askVerifier({ ...input, personId: person.id, session: by(person).session }),
});
