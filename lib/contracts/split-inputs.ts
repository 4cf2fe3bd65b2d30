/** What people send to split an incident and to take a split back, with its limits. */
import { z } from "zod";
import "./no-eval.ts";
import { TEXT_LIMITS } from "./limits.ts";

/** More alerts than this are not chosen one by one. */
export const SPLIT_RECORDS_MAX = 1_000;

/** These records go to an incident of their own; `withEvents`: with the events that share values with them alone. */
export const splitIncidentInput = z.strictObject({
  incidentId: z.uuid(),
  evidenceIds: z
    .array(z.uuid())
    .min(1, "Choose the alerts that go.")
    .max(SPLIT_RECORDS_MAX, "At most 1,000 alerts."),
  withEvents: z.boolean().default(false),
  reason: z
    .string()
    .trim()
    .min(1, "Write a reason.")
    .max(TEXT_LIMITS.reason, "At most 2,000 characters.")
    .refine((value) => !value.includes("\u0000"), "Remove the null character."),
});

export const undoSplitInput = z.strictObject({ splitId: z.uuid() });
