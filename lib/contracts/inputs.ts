/** What people send through server actions, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import {
  CLOSURE_CLASSIFICATIONS,
  CLOSURE_REASONS,
  DETERMINATIONS,
  RESPONSE_ACTION_KINDS,
} from "#lib/domain/decision/decision.ts";
import { VERDICTS } from "#lib/domain/incident/incident.ts";
import { COUNT_LIMITS, TEXT_LIMITS } from "./limits.ts";

const id = z.uuid();

function text(max: number, what: string) {
  return z
    .string()
    .trim()
    .min(1, `Write ${what}.`)
    .max(max, `At most ${max.toLocaleString("en-GB")} characters.`)
    .refine((value) => !value.includes("\u0000"), "Remove the null character.");
}

const reason = text(TEXT_LIMITS.reason, "a reason");

export const incidentInput = z.strictObject({ incidentId: id });

/** `personId` null gives the incident back; `expected` is the assignee the person saw. */
export const assignIncidentInput = z.strictObject({
  incidentId: id,
  personId: id.nullable(),
  expected: id.nullable(),
});

export const workIncidentInput = z.strictObject({
  incidentId: id,
  status: z.enum(["new", "in_progress", "on_hold"]),
  /** What the person saw; left out, it is not asked. */
  expected: z.enum(["new", "in_progress", "on_hold"]).optional(),
});

export const setVerdictInput = z.strictObject({
  incidentId: id,
  verdict: z.enum(VERDICTS).nullable(),
  /** What the person saw; left out, it is not asked. */
  expected: z.enum(VERDICTS).nullable().optional(),
});

export const pinRecordInput = z.strictObject({
  incidentId: id,
  evidenceId: id,
  /** False takes the pin off. */
  pinned: z.boolean(),
});

export const addNoteInput = z.strictObject({
  incidentId: id,
  text: text(TEXT_LIMITS.note, "a note"),
  /** The model's draft it was made of. */
  draftRunId: id.nullish(),
});

export const reviewClaimInput = z.discriminatedUnion("outcome", [
  z.strictObject({ claimId: id, outcome: z.literal("accepted") }),
  z.strictObject({ claimId: id, outcome: z.literal("disputed"), reason }),
  z.strictObject({
    claimId: id,
    outcome: z.literal("corrected"),
    reason,
    replacement: text(TEXT_LIMITS.replacement, "what it should say"),
  }),
]);

const responseActionInput = z.strictObject({
  action: z.enum(RESPONSE_ACTION_KINDS),
  target: text(TEXT_LIMITS.target, "a target"),
  undoOf: id.exactOptional(),
});

export const decisionContentInput = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("escalation"),
    reason,
    to: text(TEXT_LIMITS.to, "to whom"),
  }),
  z.strictObject({
    kind: z.literal("containment"),
    reason,
    actions: z
      .array(responseActionInput)
      .min(1, "Name at least one action.")
      .max(COUNT_LIMITS.actions, `At most ${COUNT_LIMITS.actions} actions.`),
  }),
  z
    .strictObject({
      kind: z.literal("closure"),
      reason,
      classification: z.enum(CLOSURE_CLASSIFICATIONS),
      classificationReason: z.string(),
      determination: z.enum(DETERMINATIONS).nullable(),
    })
    .refine(
      (value) =>
        (CLOSURE_REASONS[value.classification] as readonly string[]).includes(
          value.classificationReason,
        ),
      { path: ["classificationReason"], message: "Choose a reason of this classification." },
    ),
  z.strictObject({ kind: z.literal("reopening"), reason }),
]);

/** `idem` is made once per opened form, so that a double click proposes once. */
export const proposeDecisionInput = z.strictObject({
  incidentId: id,
  content: decisionContentInput,
  waivedClaimIds: z.array(id).max(COUNT_LIMITS.waived),
  /** A lead means to sign this alone. */
  breakGlass: z.boolean().optional(),
  idem: id,
});

/** `statementSha256` is the digest of the statement the signer was shown. */
export const signDecisionInput = z.strictObject({
  decisionId: id,
  statementSha256: z.string().regex(/^[0-9a-f]{64}$/),
  password: z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password),
  reason: z.string().trim().max(TEXT_LIMITS.reason).nullable(),
});

export const rejectDecisionInput = z.strictObject({
  decisionId: id,
  statementSha256: z.string().regex(/^[0-9a-f]{64}$/),
  password: z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password),
  reason,
});

export const withdrawDecisionInput = z.strictObject({ decisionId: id });

export const recordResponseInput = z.strictObject({
  decisionId: id,
  action: z.enum(RESPONSE_ACTION_KINDS),
  target: text(TEXT_LIMITS.target, "a target"),
  outcome: z.enum(["dispatched", "verified", "failed", "unknown"]),
  detail: z.string().trim().max(TEXT_LIMITS.detail).nullable(),
});
