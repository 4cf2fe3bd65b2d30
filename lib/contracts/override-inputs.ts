/** What people send about overrides, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { OVERRIDE_KINDS, OVERRIDE_OUTCOMES, PERIODS } from "#lib/domain/review/override.ts";

/** Longest note of a verdict, in UTF-16 units. */
export const VERDICT_NOTE_MAX = 2_000;

/** `idem` is made once per dialog, so that a double press judges once: the verdict's id. */
export const judgeOverrideInput = z
  .strictObject({
    idem: z.uuid(),
    overrideId: z.uuid(),
    outcome: z.enum(OVERRIDE_OUTCOMES, "Choose what you make of it."),
    note: z
      .string()
      .trim()
      .max(VERDICT_NOTE_MAX, `At most ${VERDICT_NOTE_MAX.toLocaleString("en-GB")} characters.`),
  })
  .refine(({ outcome, note }) => outcome === "agree" || note !== "", {
    path: ["note"],
    message: "Say why.",
  });
export type JudgeOverrideInput = z.infer<typeof judgeOverrideInput>;

const days = z
  .enum(PERIODS.map(String) as [string, ...string[]])
  .transform(Number)
  .nullable();

const cursor = z
  .string()
  .max(500)
  .regex(/^[\w=.:~-]+$/);

const fields = {
  kind: z.enum(OVERRIDE_KINDS).nullable(),
  person: z.uuid().nullable(),
  model: z.string().min(1).max(200).nullable(),
  prompt: z.uuid().nullable(),
  incident: z.coerce.number().int().min(1).max(2_147_483_647).nullable(),
  days,
  judged: z.enum(["yes", "no"]).nullable(),
  override: z.uuid().nullable(),
};

/** What stands behind the question mark of the file; what does not fit is refused. */
export const overridesFileQuery = z.object({
  kind: fields.kind.default(null),
  person: fields.person.default(null),
  model: fields.model.default(null),
  prompt: fields.prompt.default(null),
  incident: fields.incident.default(null),
  days: fields.days.default(null),
  judged: fields.judged.default(null),
  override: fields.override.default(null),
  format: z.enum(["csv", "jsonl"]).default("jsonl"),
});

/** The same of the screen; what does not fit is left out. */
export const overridesQuery = z.object({
  kind: fields.kind.default(null).catch(null),
  person: fields.person.default(null).catch(null),
  model: fields.model.default(null).catch(null),
  prompt: fields.prompt.default(null).catch(null),
  incident: fields.incident.default(null).catch(null),
  days: fields.days.default(null).catch(null),
  judged: fields.judged.default(null).catch(null),
  override: fields.override.default(null).catch(null),
  cursor: cursor.nullable().default(null).catch(null),
});
/** How far back the figures look; null: not said, or not one of the periods. */
export const trendsQuery = z.object({ days: days.catch(null).default(null) });

export type OverrideFilter = Omit<z.infer<typeof overridesQuery>, "cursor">;
