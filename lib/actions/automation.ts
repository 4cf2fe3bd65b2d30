"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import {
  liftAutomation as lift,
  liftStatement as statement,
} from "#lib/commands/lift-automation.ts";
import {
  proposeAutomation as propose,
  signAutomation as sign,
} from "#lib/commands/publish-automation.ts";
import { stopAutomation as stop } from "#lib/commands/stop-automation.ts";
import { withdrawAutomation as withdraw } from "#lib/commands/withdraw-automation.ts";
import {
  automationRulesInput,
  liftAutomationInput,
  liftStatementInput,
  proposeAutomationInput,
  signAutomationInput,
  stopAutomationInput,
  withdrawAutomationInput,
} from "#lib/contracts/automation-inputs.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { previewAutomation as preview } from "#lib/queries/preview-automation.ts";
import { by } from "./by.ts";
import { limitSigning } from "./limit-signing.ts";

/** Takes autonomy back: one press, at once. */
export const stopAutomation = defineAction({
  name: "automation_stop",
  permission: "automation:stop",
  input: stopAutomationInput,
  run: ({ person, input, db }) => stop(db, input, by(person)),
});

/** What a lift of a stop signs. */
export const liftStatement = defineAction({
  name: "automation_lift_statement",
  permission: "automation:lift",
  input: liftStatementInput,
  run: ({ input, db }) => statement(db, input),
});

export const liftAutomation = defineAction({
  name: "automation_lift",
  permission: "automation:lift",
  input: liftAutomationInput,
  run: ({ person, input, db }) => limitSigning(person, () => lift(db, input, by(person))),
});

/** What rules would have let run within the last seven days; nothing is stored. */
export const previewAutomation = defineAction({
  name: "automation_preview",
  permission: "automation:manage",
  input: automationRulesInput,
  run: ({ person, input, db }) =>
    preview(db, input, { mayReadIncidents: may(person.role, "incident:read") }),
});

/** Writes rules down to be signed. */
export const proposeAutomation = defineAction({
  name: "automation_propose",
  permission: "automation:manage",
  input: proposeAutomationInput,
  run: ({ person, input, db }) => propose(db, input, by(person)),
});

export const signAutomation = defineAction({
  name: "automation_sign",
  permission: "automation:manage",
  input: signAutomationInput,
  run: ({ person, input, db }) => limitSigning(person, () => sign(db, input, by(person))),
});

/** Ends rules before they take effect. */
export const withdrawAutomation = defineAction({
  name: "automation_withdraw",
  permission: "automation:manage",
  input: withdrawAutomationInput,
  run: ({ person, input, db }) => withdraw(db, input, by(person)),
});
