/** What people send to work an incident: tasks, hand-overs, watches. One schema for the form and the door. */
import { z } from "zod";
import "./no-eval.ts";
import { HANDOVERS_MAX } from "#lib/domain/incident/handover.ts";
import { TASK_LIMITS, TASK_STATES, TASKS_MAX } from "#lib/domain/incident/task.ts";
import { addNoteInput, incidentInput } from "./inputs.ts";

const id = z.uuid();
const words = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `At most ${max.toLocaleString("en-GB")} characters.`)
    .refine((value) => !value.includes("\u0000"), "Remove the null character.");

export const startPlaybookInput = incidentInput.extend({
  playbook: words(100).min(1),
  version: z.int().positive(),
});

export const addTaskInput = incidentInput.extend({
  title: words(TASK_LIMITS.title).min(1, "Write what is to be done."),
  details: words(TASK_LIMITS.details),
});

/** `removed` false puts tasks back that were removed. */
export const changeTasksInput = incidentInput.extend({
  taskIds: z
    .array(id)
    .min(1, "Choose at least one task.")
    .max(TASKS_MAX, `At most ${TASKS_MAX} tasks at once.`)
    .refine((ids) => new Set(ids).size === ids.length, "A task is named twice."),
  change: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("state"), state: z.enum(TASK_STATES) }),
    z.strictObject({ kind: z.literal("assignee"), personId: id.nullable() }),
    z.strictObject({ kind: z.literal("removed"), removed: z.boolean() }),
  ]),
});
export type ChangeTasksInput = z.infer<typeof changeTasksInput>;
export type TaskChange = ChangeTasksInput["change"];

/** `personId` null: to nobody; `expected` is the assignee the person saw. */
const handover = incidentInput.extend({
  personId: id.nullable(),
  expected: id.nullable(),
  text: addNoteInput.shape.text,
});
export type HandOverInput = z.infer<typeof handover>;

export const handOverIncidentsInput = z.strictObject({
  handovers: z
    .array(handover)
    .min(1, "Choose at least one incident.")
    .max(HANDOVERS_MAX, `At most ${HANDOVERS_MAX} incidents at once.`)
    .refine(
      (each) => new Set(each.map(({ incidentId }) => incidentId)).size === each.length,
      "An incident is named twice.",
    ),
});

export const handoverDraftsInput = z.strictObject({
  incidentIds: z
    .array(id)
    .min(1, "Choose at least one incident.")
    .max(HANDOVERS_MAX, `At most ${HANDOVERS_MAX} incidents at once.`),
});

export const takeOverInput = incidentInput.extend({ handoverId: id });

/** `watching` false ends it. */
export const watchIncidentInput = incidentInput.extend({ watching: z.boolean() });
