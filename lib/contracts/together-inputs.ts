/** What people send to do one thing to several incidents at once, with its limits. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { BULK_INCIDENTS_MAX } from "#lib/domain/decision/bulk.ts";
import { addNoteInput, assignIncidentInput } from "./inputs.ts";

const TOO_MANY = `At most ${BULK_INCIDENTS_MAX} incidents at once.`;

/** Each with the assignee the person saw: of two people who take one at once, one gets it. */
export const assignIncidentsInput = z.strictObject({
  assignments: z
    .array(assignIncidentInput)
    .min(1, "Choose at least one incident.")
    .max(BULK_INCIDENTS_MAX, TOO_MANY)
    .refine(
      (each) => new Set(each.map(({ incidentId }) => incidentId)).size === each.length,
      "An incident is named twice.",
    ),
});

export const noteIncidentsInput = z.strictObject({
  incidentIds: z
    .array(addNoteInput.shape.incidentId)
    .min(1, "Choose at least one incident.")
    .max(BULK_INCIDENTS_MAX, TOO_MANY)
    .refine((ids) => new Set(ids).size === ids.length, "An incident is named twice."),
  text: addNoteInput.shape.text,
});

export const assignableInput = z.strictObject({});
