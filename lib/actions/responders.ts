"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { sealPublicKey } from "#lib/boundary/keys.ts";
import { checkResponseAgain } from "#lib/commands/responses/check-response-again.ts";
import { configureResponder } from "#lib/commands/responses/configure-responder.ts";
import { requestResponderTest } from "#lib/commands/responses/request-responder-test.ts";
import { retireResponder } from "#lib/commands/responses/retire-responder.ts";
import {
  checkResponseInput,
  configureResponderInput,
  responderInput,
  testResponderInput,
} from "#lib/contracts/responder-inputs.ts";
import { by } from "./by.ts";

/** Adds a responder or its next version; credentials are sealed and never read back, a token is shown once. */
export const configureResponderAction = defineAction({
  name: "responder_configure",
  permission: "responder:manage",
  input: configureResponderInput,
  run: ({ person, input, db }) =>
    configureResponder(db, input, by(person), { sealPublicKey: sealPublicKey() }),
});

export const retireResponderAction = defineAction({
  name: "responder_retire",
  permission: "responder:manage",
  input: responderInput,
  run: ({ person, input, db }) => retireResponder(db, input, by(person)),
});

/** Asks for a dry run, which changes nothing in the system. */
export const testResponderAction = defineAction({
  name: "responder_test",
  permission: "responder:manage",
  input: testResponderInput,
  run: ({ person, input, db }) => requestResponderTest(db, input, by(person)),
});

/** Has the system asked once more what came of a run. */
export const checkResponseAction = defineAction({
  name: "response_check",
  permission: "incident:work",
  input: checkResponseInput,
  run: ({ person, input, db }) => checkResponseAgain(db, input, by(person)),
});
