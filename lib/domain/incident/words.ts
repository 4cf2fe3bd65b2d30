import type { RunningClock } from "./clock.ts";
import type { IncidentStatus, Verdict } from "./incident.ts";
import type { QueueState } from "./queue-syntax.ts";
import type { Severity } from "./severity.ts";

/** How the sets of an incident read on a screen. */
export const STATUS_WORDS: Record<IncidentStatus, string> = {
  new: "New",
  in_progress: "In progress",
  on_hold: "On hold",
  closed: "Closed",
};

export const VERDICT_WORDS: Record<Verdict, string> = {
  false_positive: "False positive",
  true_positive: "True positive",
  disregard: "Disregard",
  suspicious: "Suspicious",
  benign: "Benign",
  test: "Test",
  insufficient_data: "Insufficient data",
  security_risk: "Security risk",
  managed_externally: "Managed externally",
  duplicate: "Duplicate",
};

/** What must happen before a clock runs out. */
export const CLOCK_WORDS: Record<RunningClock["kind"], string> = {
  assign: "To be taken",
  decide: "To be judged",
};

export const QUEUE_STATE_WORDS: Record<QueueState, string> = {
  breached: "SLA breached",
  due_soon: "SLA due soon",
  escalated: "Escalated",
  contained: "Contained",
  waiting: "Decision open",
};

/** The verdicts on keys 1 to 4, in this order, wherever an incident is in hand. */
export const VERDICT_KEYS = [
  "true_positive",
  "benign",
  "false_positive",
  "suspicious",
] as const satisfies readonly Verdict[];

export const SEVERITY_WORDS: Record<Severity, string> = {
  informational: "Informational",
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
};
