/** The register of what a model got wrong: what a report says, and what came of it. */
export const REPORT_KINDS = [
  "wrong",
  "misleading",
  "leak",
  "injected",
  "harmful",
  "other",
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const REPORT_KIND_WORDS: Record<ReportKind, string> = {
  wrong: "Wrong",
  misleading: "Misleading",
  leak: "Shows what it must not",
  injected: "Obeys text in the evidence",
  harmful: "Harmful to act on",
  other: "Something else",
};

export const REPORT_OUTCOMES = ["confirmed", "no_fault", "duplicate"] as const;
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number];

export const REPORT_OUTCOME_WORDS: Record<ReportOutcome, string> = {
  confirmed: "A fault",
  no_fault: "No fault",
  duplicate: "Known already",
};
