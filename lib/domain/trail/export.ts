/** What an export of the trail is: its formats, the states of its row, and their words. */
export const EXPORT_FORMATS = ["bundle", "jsonl", "csv", "ocsf"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_STATES = [
  "queued",
  "running",
  "ready",
  "failed",
  "cancelled",
  "expired",
] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** Exports of one person that are not done; the database holds to the same number. */
export const OPEN_EXPORTS_MAX = 3;
/** How long a file is kept, at most. */
export const EXPORT_DAYS = 7;

export const EXPORT_FORMAT_WORDS: Record<ExportFormat, { name: string; use: string }> = {
  bundle: {
    name: "Bundle",
    use: "Entries, proofs, signatures and both verifiers in one archive. It verifies without us and without a network.",
  },
  jsonl: {
    name: "JSONL",
    use: "Every entry with its exact line, payload and leaf hash. Of one incident or of all, npm run verify checks it.",
  },
  csv: {
    name: "Table (CSV)",
    use: "For reading in a spreadsheet. No cell of it is a formula, and it cannot be verified.",
  },
  ocsf: {
    name: "OCSF incident findings",
    use: "One line for each incident, for other systems: what was recorded and signed, never a model's words.",
  },
};

export const EXPORT_STATE_WORDS: Record<ExportState, string> = {
  queued: "Waiting",
  running: "Being written",
  ready: "Ready",
  failed: "Failed",
  cancelled: "Cancelled",
  expired: "Expired",
};

export function isOpen(state: ExportState): boolean {
  return state === "queued" || state === "running";
}

/** What a line of the file is, and what its progress counts. */
export function exportUnit(
  format: ExportFormat,
  count: number,
): "entry" | "entries" | "incident" | "incidents" {
  if (format === "ocsf") return count === 1 ? "incident" : "incidents";
  return count === 1 ? "entry" : "entries";
}

const ENDS: Record<ExportFormat, string> = {
  bundle: ".tar.gz",
  jsonl: ".jsonl",
  csv: ".csv",
  ocsf: ".ocsf.jsonl",
};
const BEGINNINGS: Record<ExportFormat, string> = {
  bundle: "bundle",
  jsonl: "trail",
  csv: "trail",
  ocsf: "incidents",
};

/** The name a browser saves it under; `scopeName` says what is in it, and eight digits of its id tell it from others. */
export function exportFileName(format: ExportFormat, scopeName: string, id: string): string {
  return `${BEGINNINGS[format]}-${scopeName}-${id.slice(-8)}${ENDS[format]}`;
}
