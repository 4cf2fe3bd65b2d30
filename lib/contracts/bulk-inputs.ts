/** What people send to close several incidents by one statement, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { BULK_INCIDENTS_MAX } from "#lib/domain/decision/bulk.ts";
import {
  CLOSURE_CLASSIFICATIONS,
  CLOSURE_REASONS,
  DETERMINATIONS,
} from "#lib/domain/decision/decision.ts";
import { COUNT_LIMITS, TEXT_LIMITS } from "./limits.ts";
import { queueText } from "./queries.ts";
import { QUEUE_SORTS, QUEUE_VIEWS } from "./queue-words.ts";

const id = z.uuid();
const incidentIds = z
  .array(id)
  .min(1, "Choose at least one incident.")
  .max(BULK_INCIDENTS_MAX, `One statement closes at most ${BULK_INCIDENTS_MAX} incidents.`)
  .refine((ids) => new Set(ids).size === ids.length, "An incident is named twice.");

export const previewBulkInput = z.strictObject({ incidentIds });

/** `idem` is made once per opened form, so that a double click proposes once. */
export const proposeBulkInput = z
  .strictObject({
    incidentIds,
    classification: z.enum(CLOSURE_CLASSIFICATIONS),
    classificationReason: z.string(),
    determination: z.enum(DETERMINATIONS).nullable(),
    reason: z
      .string()
      .trim()
      .min(1, "Write a reason.")
      .max(TEXT_LIMITS.reason)
      .refine((value) => !value.includes("\u0000"), "Remove the null character."),
    waivedClaimIds: z.array(id).max(COUNT_LIMITS.waived),
    idem: id,
  })
  .refine(
    (value) =>
      (CLOSURE_REASONS[value.classification] as readonly string[]).includes(
        value.classificationReason,
      ),
    { path: ["classificationReason"], message: "Choose a reason of this classification." },
  );
export type ProposeBulk = z.output<typeof proposeBulkInput>;

/** A view of the queue with its filters. */
export const matchingIncidentsInput = z.strictObject({
  view: z.enum(QUEUE_VIEWS),
  q: queueText,
  sort: z.enum(QUEUE_SORTS),
});
