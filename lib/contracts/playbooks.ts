/** Playbooks: what somebody sends who writes one, with its limits, and what screens are given. */
import { z } from "zod";
import "./no-eval.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { PLAYBOOK_LIMITS } from "#lib/domain/incident/playbook.ts";
import type { PlaybookContent } from "#lib/domain/incident/playbook.ts";
import type { PersonView } from "./views.ts";

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `At most ${max.toLocaleString("en-GB")} characters.`)
    .refine(
      (value) => value.isWellFormed() && !value.includes("\u0000"),
      "Remove what is no text.",
    );
const tactic = z.enum(INCIDENT_TYPES);

export const playbookName = text(PLAYBOOK_LIMITS.name)
  .min(1, "Give it a name.")
  .regex(/^[^/\p{Cc}]*$/u, "Leave out the slash and line ends.");

/** `after`: the newest version that the person saw; 0: there is none of that name yet. */
export const writePlaybookInput = z
  .strictObject({
    name: playbookName,
    after: z.int().min(0).max(2_000_000_000),
    incidentTypes: z
      .array(tactic)
      .max(INCIDENT_TYPES.length)
      .refine((types) => new Set(types).size === types.length, "A tactic is named twice."),
    rank: z
      .int("A whole number.")
      .min(0, `From 0 to ${PLAYBOOK_LIMITS.rank}.`)
      .max(PLAYBOOK_LIMITS.rank, `From 0 to ${PLAYBOOK_LIMITS.rank}.`),
    steps: z
      .array(
        z.strictObject({
          title: text(PLAYBOOK_LIMITS.title).min(1, "Write what is to be done."),
          details: text(PLAYBOOK_LIMITS.details),
          tactic: tactic.nullable(),
        }),
      )
      .max(PLAYBOOK_LIMITS.steps, `At most ${PLAYBOOK_LIMITS.steps} steps.`),
    reason: text(PLAYBOOK_LIMITS.reason).min(1, "Write a reason."),
  })
  .refine(({ after, steps }) => after > 0 || steps.length > 0, {
    path: ["steps"],
    message: "Add at least one step.",
  });
export type WritePlaybookInput = z.output<typeof writePlaybookInput>;

/** What a page of a playbook is asked by: one version, and where the list of them begins. */
export const playbookQuery = z.object({
  version: z.coerce.number().int().min(1).max(2_000_000_000).optional().catch(undefined),
  before: z.coerce.number().int().min(1).max(2_000_000_000).optional().catch(undefined),
});

type Written = {
  version: number;
  reason: string;
  /** Null: it came with the product. */
  by: PersonView | null;
  at: string;
};

/** The newest version of a playbook; no steps: it is retired. */
export type PlaybookRow = Written & {
  name: string;
  incidentTypes: string[];
  rank: number;
  steps: number;
};

export type PlaybookVersionView = Written & PlaybookContent;

export type PlaybookPageView = {
  name: string;
  newest: number;
  /** The version that was asked for. */
  shown: PlaybookVersionView;
  /** Newest first. */
  history: (Written & { steps: number })[];
  /** The version that the next page begins below; null when there is none. */
  before: number | null;
};
