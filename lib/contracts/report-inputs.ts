/** What people send about reports of a model's claims, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { REPORT_KINDS, REPORT_OUTCOMES } from "#lib/domain/copilot/report.ts";
import { REPORT_TEXT_MAX } from "./limits.ts";

const id = z.uuid();

function text(what: string) {
  return z
    .string()
    .trim()
    .min(1, `Write ${what}.`)
    .max(REPORT_TEXT_MAX, `At most ${REPORT_TEXT_MAX.toLocaleString("en-GB")} characters.`);
}

/** A claim of a model: one of a summary, or one of a run by its place in it. */
export const reportedClaim = z.union([
  z.strictObject({ claimId: id }),
  z.strictObject({ runId: id, ordinal: z.int().min(0).max(100_000) }),
]);
export type ReportedClaim = z.infer<typeof reportedClaim>;

/** `idem` is made once per dialog, so that a double press reports once: the report's id. */
export const fileReportInput = z.strictObject({
  idem: id,
  of: reportedClaim,
  kind: z.enum(REPORT_KINDS, "Choose what is the matter."),
  text: text("what is the matter with it"),
});
export type FileReportInput = z.infer<typeof fileReportInput>;

export const resolveReportInput = z.strictObject({
  reportId: id,
  outcome: z.enum(REPORT_OUTCOMES, "Choose what came of it."),
  text: text("what came of it, and what was done"),
});
export type ResolveReportInput = z.infer<typeof resolveReportInput>;

/** What may stand behind the question mark of the list of reports; what does not fit is left out. */
export const reportsQuery = z.object({
  state: z.enum(["open", "resolved"]).optional().catch(undefined),
  kind: z.enum(REPORT_KINDS).optional().catch(undefined),
  cursor: z
    .string()
    .max(500)
    .regex(/^[\w=.:~-]+$/)
    .optional()
    .catch(undefined),
});
