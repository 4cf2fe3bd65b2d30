/** What people bring themselves: evidence for an incident, and incidents. */
import { z } from "zod";
import "./no-eval.ts";
import { HAND_NAME_MAX, HAND_WAYS, INCIDENT_CATEGORIES } from "#lib/domain/evidence/by-hand.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";

/** Longest texts, in UTF-16 units. */
export const OPEN_LIMITS = { title: 200, description: 10_000 } as const;

/** Beside the bytes, which are the body. `sha256`: what the sender made of them, in hex. */
export const addEvidenceQuery = z.object({
  way: z.enum(HAND_WAYS),
  name: z
    .string()
    .trim()
    .max(HAND_NAME_MAX, `At most ${HAND_NAME_MAX} characters.`)
    .optional()
    .transform((name) => (name ? name : null)),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")
    .optional(),
});

function line(max: number, what: string) {
  return z
    .string()
    .trim()
    .min(1, `Write ${what}.`)
    .max(max, `At most ${max.toLocaleString("en-GB")} characters.`)
    .refine(
      (value) => value.isWellFormed() && !value.includes("\u0000"),
      "Remove what is no text.",
    );
}

/** `idem` is made with the form, so that pressing twice opens one. */
export const openIncidentInput = z.strictObject({
  idem: z.uuid(),
  title: line(OPEN_LIMITS.title, "a title").refine(
    (title) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(title),
    "A title is one line.",
  ),
  category: z.enum(INCIDENT_CATEGORIES, "Choose what it is about."),
  severity: z.enum(SEVERITIES, "Choose a severity."),
  description: line(OPEN_LIMITS.description, "what is known"),
});
