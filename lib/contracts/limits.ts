/** Limits of what people send, apart from the schemas that hold them to it: a screen that only shows one loads no parser. */

/** Longest texts, in UTF-16 units. */
export const TEXT_LIMITS = {
  note: 10_000,
  reason: 2_000,
  replacement: 2_000,
  target: 512,
  to: 200,
  password: 1_024,
  detail: 2_000,
} as const;
/** Most actions one containment may name, and most claims one proposal may waive. */
export const COUNT_LIMITS = { actions: 25, waived: 200 } as const;

/** The same of what goes to models, and of their settings. */
export const COPILOT_LIMITS = {
  name: 60,
  model: 200,
  address: 300,
  key: 1_000,
  question: 2_000,
  reason: 1_000,
} as const;

/** Longest text of a report and of a resolution, in UTF-16 units. */
export const REPORT_TEXT_MAX = 2_000;
