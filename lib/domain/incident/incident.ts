/** OCSF incident status_id 1, 2, 3, 5. Waiting for a signature is a property of the open decision. */
export const INCIDENT_STATUSES = ["new", "in_progress", "on_hold", "closed"] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** OCSF verdict_id 1-10. A person sets it; null means not judged. */
export const VERDICTS = [
  "false_positive",
  "true_positive",
  "disregard",
  "suspicious",
  "benign",
  "test",
  "insufficient_data",
  "security_risk",
  "managed_externally",
  "duplicate",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export function incidentNumber(n: number | bigint): string {
  return `INC-${String(n).padStart(6, "0")}`;
}

/** `INC-000123`, `inc-123` or `123` -> 123; anything else -> null. */
export function parseIncidentNumber(text: string): number | null {
  const match = /^(?:INC-)?0*(\d{1,15})$/i.exec(text.trim());
  return match ? Number(match[1]) : null;
}
