import { z } from "zod";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import type { PlaybookContent, PlaybookStep } from "#lib/domain/incident/playbook.ts";
import "#lib/contracts/no-eval.ts";

const tactic = z.enum(INCIDENT_TYPES);

/** A playbook while it is written; `id` tells steps apart that are moved. */
export const playbookFormSchema = z.object({
  name: z.string(),
  incidentTypes: z.array(tactic),
  rank: z.string(),
  steps: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      details: z.string(),
      tactic: tactic.nullable(),
    }),
  ),
  reason: z.string(),
});
export type PlaybookForm = z.output<typeof playbookFormSchema>;
export type StepForm = PlaybookForm["steps"][number];

export function playbookFormOf(name: string, content: PlaybookContent | null): PlaybookForm {
  const steps = content?.steps.length ? content.steps : [{ title: "", details: "", tactic: null }];
  return {
    name,
    incidentTypes: content?.incidentTypes ?? [],
    rank: String(content?.rank ?? 0),
    steps: steps.map((step, id) => ({ id, ...step })),
    reason: "",
  };
}

/** What is sent of it; a step of which nothing was written is left out. */
export function contentOf({ incidentTypes, rank, steps }: PlaybookForm): PlaybookContent {
  return {
    incidentTypes,
    // what is no number is out of reach, and refused as such
    rank: /^\s*\d+\s*$/.test(rank) ? Number(rank) : -1,
    steps: steps.filter((step) => !isBlank(step)).map(stepOf),
  };
}

export function newStep(steps: readonly StepForm[]): StepForm {
  return {
    id: Math.max(-1, ...steps.map(({ id }) => id)) + 1,
    title: "",
    details: "",
    tactic: null,
  };
}

function isBlank({ title, details, tactic: of }: StepForm): boolean {
  return title.trim() === "" && details.trim() === "" && of === null;
}

function stepOf({ title, details, tactic: of }: StepForm): PlaybookStep {
  return { title: title.trim(), details: details.trim(), tactic: of };
}
