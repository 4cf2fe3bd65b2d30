/** The service clocks: what an admin sends, with its limits, and what screens are given. */
import { z } from "zod";
import "./no-eval.ts";
import { slaFaults } from "#lib/domain/incident/sla.ts";
import type { SlaMinutes } from "#lib/domain/incident/sla.ts";
import { TEXT_LIMITS } from "./limits.ts";
import type { PersonView } from "./views.ts";

export const SLA_REASON_MAX = 500;

const minutes = z.int();
const bySeverity = z.strictObject({
  informational: minutes,
  low: minutes,
  medium: minutes,
  high: minutes,
  critical: minutes,
});

const clocks = z
  .strictObject({ assign: bySeverity, decide: bySeverity })
  .superRefine((value, context) => {
    for (const { clock, severity, sentence } of slaFaults(value))
      context.addIssue({ code: "custom", path: [clock, severity], message: sentence });
  });

export const previewSlaInput = z.strictObject({ minutes: clocks });
/** `after`: the version that the person saw. */
export const setSlaInput = z.strictObject({
  after: z.int().min(1).max(2_000_000_000),
  minutes: clocks,
  reason: z
    .string()
    .trim()
    .min(1, "Write a reason.")
    .max(Math.min(SLA_REASON_MAX, TEXT_LIMITS.reason), `At most ${SLA_REASON_MAX} characters.`)
    .refine((text) => text.isWellFormed() && !text.includes("\u0000"), "Remove what is no text."),
});
export type SetSlaInput = z.output<typeof setSlaInput>;

export type SlaVersionView = {
  version: number;
  minutes: SlaMinutes;
  reason: string;
  /** Null: it came with the product. */
  by: PersonView | null;
  at: string;
};

/** `before`: the version that the next page begins below; null when there is none. */
export type SlaPageView = {
  inForce: SlaVersionView;
  history: SlaVersionView[];
  before: number | null;
};

/** Of what is open, how many are in breach by their own clocks, and how many would be by these. */
export type SlaPreviewView = {
  open: number;
  breached: number;
  wouldBe: number;
  /** Whether more are open than were looked at. */
  more: boolean;
};
