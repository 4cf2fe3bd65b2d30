/** What people send to merge incidents and to take a merge apart, with its limits. */
import { z } from "zod";
import "./no-eval.ts";
import { TEXT_LIMITS } from "./limits.ts";

/** `incidentId` is given up; its records follow those of `intoId`. */
export const mergeIncidentInput = z.strictObject({
  incidentId: z.uuid(),
  intoId: z.uuid(),
  reason: z
    .string()
    .trim()
    .min(1, "Write a reason.")
    .max(TEXT_LIMITS.reason, "At most 2,000 characters.")
    .refine((value) => !value.includes("\u0000"), "Remove the null character."),
});

export const undoMergeInput = z.strictObject({ mergeId: z.uuid() });
