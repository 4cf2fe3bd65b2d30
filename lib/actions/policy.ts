"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { endPolicy as end } from "#lib/commands/end-policy.ts";
import { proposePolicy as propose } from "#lib/commands/propose-policy.ts";
import { signPolicy as sign } from "#lib/commands/sign-policy.ts";
import {
  endPolicyInput,
  previewPolicyInput,
  proposePolicyInput,
  signPolicyInput,
} from "#lib/contracts/policy-inputs.ts";
import { previewPolicy as preview } from "#lib/queries/preview-policy.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

/** What a change would do and what would be signed, word for word, for the signer to read first. */
export const previewPolicy = defineAction({
  name: "policy_preview",
  permission: "policy:manage",
  input: previewPolicyInput,
  run: ({ input, db }) => preview(db, input),
});

export const proposePolicy = defineAction({
  name: "policy_propose",
  permission: "policy:manage",
  input: proposePolicyInput,
  run: ({ person, input, db }) => limitSigning(person, () => propose(db, input, by(person))),
});

export const signPolicy = defineAction({
  name: "policy_sign",
  permission: "policy:manage",
  input: signPolicyInput,
  run: ({ person, input, db }) => limitSigning(person, () => sign(db, input, by(person))),
});

export const endPolicy = defineAction({
  name: "policy_end",
  permission: "policy:manage",
  input: endPolicyInput,
  run: ({ person, input, db }) => end(db, input, by(person)),
});
