"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import {
  approvalStatement as approvalOf,
  approveErasure as approve,
  askErasure as ask,
  endErasure as end,
  erasureStatement as statementOf,
  holdLiftStatement as liftOf,
  liftHold as lift,
  placeHold as place,
} from "#lib/commands/erase-payloads.ts";
import {
  approvalStatementInput,
  approveErasureInput,
  askErasureInput,
  endErasureInput,
  erasureStatementInput,
  holdLiftStatementInput,
  liftHoldInput,
  placeHoldInput,
} from "#lib/contracts/erasure-inputs.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

/** What asking for an erasure signs. */
export const erasureStatement = defineAction({
  name: "erasure_statement",
  permission: "retention:manage",
  input: erasureStatementInput,
  run: ({ input, db }) => statementOf(db, input),
});

export const askErasure = defineAction({
  name: "erasure_ask",
  permission: "retention:manage",
  input: askErasureInput,
  run: ({ person, input, db }) => limitSigning(person, () => ask(db, input, by(person))),
});

/** What approving an erasure signs. */
export const approvalStatement = defineAction({
  name: "erasure_approval_statement",
  permission: "retention:manage",
  input: approvalStatementInput,
  run: ({ input, db }) => approvalOf(db, input),
});

/** Approves and erases, for good. */
export const approveErasure = defineAction({
  name: "erasure_approve",
  permission: "retention:manage",
  input: approveErasureInput,
  run: ({ person, input, db }) => limitSigning(person, () => approve(db, input, by(person))),
});

/** Withdraws one's own request, or refuses another's. */
export const endErasure = defineAction({
  name: "erasure_end",
  permission: "retention:manage",
  input: endErasureInput,
  run: ({ person, input, db }) => end(db, input, by(person)),
});

export const placeHold = defineAction({
  name: "hold_place",
  permission: "retention:manage",
  input: placeHoldInput,
  run: ({ person, input, db }) => place(db, input, by(person)),
});

/** What lifting a hold signs. */
export const holdLiftStatement = defineAction({
  name: "hold_lift_statement",
  permission: "retention:manage",
  input: holdLiftStatementInput,
  run: ({ input, db }) => liftOf(db, input),
});

export const liftHold = defineAction({
  name: "hold_lift",
  permission: "retention:manage",
  input: liftHoldInput,
  run: ({ person, input, db }) => limitSigning(person, () => lift(db, input, by(person))),
});
