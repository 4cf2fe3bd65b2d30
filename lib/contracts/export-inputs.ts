/** What people send about exports of the trail, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { EXPORT_FORMATS, EXPORT_STATES } from "#lib/domain/trail/export.ts";

const text = (max: number, missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(max, `At most ${max} characters.`)
    .refine((value) => !value.includes("\u0000"), "Remove the null character.");
const time = (missing: string) =>
  z
    .string()
    .trim()
    .pipe(z.iso.datetime({ offset: true, error: missing }));

/** What of the trail: everything, or what one thing did or is about. Times are ISO 8601; `until` is not included. */
export const exportScopeInput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("log") }),
  z.object({
    kind: z.literal("incident"),
    incident: z
      .string()
      .trim()
      .regex(/^(?:INC-)?\d{1,15}$/i, "Write an incident's number, such as INC-000123."),
  }),
  z
    .object({
      kind: z.literal("period"),
      since: time("Write when it begins, in UTC."),
      until: time("Write when it ends, in UTC."),
    })
    .refine(({ since, until }) => Date.parse(since) < Date.parse(until), {
      path: ["until"],
      error: "It must end after it begins.",
    }),
  z.object({ kind: z.literal("person"), person: z.uuid("Choose a person.") }),
  z.object({ kind: z.literal("model"), model: text(200, "Choose a model.") }),
  z.object({ kind: z.literal("prompt"), prompt: text(120, "Choose a prompt version.") }),
]);
export type ExportScopeInput = z.input<typeof exportScopeInput>;

export const estimateExportInput = z.object({ scope: exportScopeInput });
export const askExportInput = z
  .object({
    scope: exportScopeInput,
    format: z.enum(EXPORT_FORMATS, "Choose a format."),
    /** What a bundle leaves out for a third party; its proofs hold all the same. */
    withheld: z.object({ evidence: z.boolean(), names: z.boolean(), payloads: z.boolean() }),
  })
  .refine(
    ({ format, withheld: { evidence, names, payloads } }) =>
      format === "bundle" || !(evidence || names || payloads),
    { path: ["withheld"], error: "Only a bundle can leave parts out and still be verified." },
  );
export const exportInput = z.object({ exportId: z.uuid() });

export const exportParams = z.object({ id: z.uuid() });

/** The address of the list; what cannot be meant is not asked for. */
export const exportsQuery = z.object({
  whose: z.enum(["mine", "all"]).catch("mine"),
  state: z.enum(EXPORT_STATES).optional().catch(undefined),
  cursor: z.string().max(200).optional().catch(undefined),
  /** Opens the form, filled in with a scope. */
  ask: z.string().max(1).optional().catch(undefined),
  incident: z.string().max(20).optional().catch(undefined),
});
