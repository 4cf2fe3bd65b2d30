/** How screens say what a run is for and how it went. */
import type { RunKind, RunState } from "./run.ts";

export const RUN_KIND_WORDS: Record<RunKind, string> = {
  summary: "Summary",
  repair: "Repair",
  answer: "Answer",
  note: "Draft note",
  handover: "Draft hand-over",
  message: "Draft message",
  probe: "Probe",
  evaluation: "Evaluation",
};

export const RUN_STATE_WORDS: Record<RunState, string> = {
  queued: "Waiting",
  streaming: "Running",
  finished: "Finished",
  failed: "Failed",
  cancelled: "Cancelled",
  refused: "Refused by the model",
};
