/** What people send from the settings pages, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { FORMATS } from "#lib/domain/evidence/record.ts";

/** TLP 2.0, least to most restricted. */
export const SENSITIVITIES = ["clear", "green", "amber", "amber_strict", "red"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

export const createSourceInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(2, "Write a name of at least two characters.")
    .max(80, "At most 80 characters.")
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._()/-]*$/u, "Use letters, digits, spaces and . _ - / ( )."),
  format: z.enum(FORMATS),
  sensitivity: z.enum(SENSITIVITIES),
});
export type CreateSourceInput = z.infer<typeof createSourceInput>;

export const sourceInput = z.strictObject({ sourceId: z.uuid() });

export const endSessionInput = z.strictObject({ sessionId: z.uuid() });
export const endAllSessionsInput = z.strictObject({});
