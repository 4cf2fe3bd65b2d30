import type { Severity } from "#lib/domain/incident/severity.ts";

/** Each vendor's scale, told apart because they run both ways (formats.md 4.3, 13). */
export type SeverityScale =
  | "words"
  | "ocsf" // severity_id
  | "suricata" // 1 is worst
  | "elastic-risk" // 21, 47, 73, 99
  | "guardduty" // 0.1 to 10
  | "wazuh" // rule level 0 to 15
  | "percent" // 0 to 100
  | "cef"; // 0 to 10 or words

const WORDS: Record<string, Severity> = {
  informational: "informational",
  information: "informational",
  info: "informational",
  notice: "informational",
  debug: "informational",
  "very-low": "low",
  low: "low",
  minor: "low",
  warning: "low",
  medium: "medium",
  moderate: "medium",
  error: "medium",
  high: "high",
  major: "high",
  substantial: "high",
  severe: "high",
  critical: "critical",
  fatal: "critical",
  alert: "critical",
  emergency: "critical",
  "very-high": "critical",
};

const OCSF: Record<number, Severity> = {
  1: "informational",
  2: "low",
  3: "medium",
  4: "high",
  5: "critical",
  6: "critical",
};

/** Lower bounds, worst first. */
const STEPS: Record<Exclude<SeverityScale, "words" | "ocsf" | "suricata">, [number, Severity][]> = {
  "elastic-risk": [
    [99, "critical"],
    [73, "high"],
    [47, "medium"],
    [21, "low"],
    [0, "informational"],
  ],
  guardduty: [
    [9, "critical"],
    [7, "high"],
    [4, "medium"],
    [1, "low"],
    [0, "informational"],
  ],
  wazuh: [
    [15, "critical"],
    [12, "high"],
    [7, "medium"],
    [4, "low"],
    [0, "informational"],
  ],
  percent: [
    [80, "critical"],
    [60, "high"],
    [40, "medium"],
    [20, "low"],
    [0, "informational"],
  ],
  cef: [
    [9, "critical"],
    [7, "high"],
    [4, "medium"],
    [1, "low"],
    [0, "informational"],
  ],
};

/** Our severity for a vendor's value, or null when the value says nothing. */
export function severityOf(value: unknown, scale: SeverityScale): Severity | null {
  const written = typeof value === "string" ? value.trim().toLowerCase() : value;
  if (typeof written === "string" && Object.hasOwn(WORDS, written)) return WORDS[written] ?? null;
  const number = typeof written === "string" && written !== "" ? Number(written) : written;
  if (typeof number !== "number" || !Number.isFinite(number) || scale === "words") return null;
  if (scale === "ocsf") return OCSF[number] ?? null;
  if (scale === "suricata") return suricata(number);
  return STEPS[scale].find(([from]) => number >= from)?.[1] ?? null;
}

function suricata(priority: number): Severity | null {
  if (priority < 1) return null;
  if (priority >= 4) return "informational";
  return priority === 1 ? "high" : priority === 2 ? "medium" : "low";
}
