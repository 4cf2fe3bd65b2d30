/** OCSF severity_id 1-5; `fatal` (6) folds into critical. */
export const SEVERITIES = ["informational", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_RANK: Record<Severity, number> = {
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
};

export function worstSeverity(values: Iterable<Severity | null>): Severity | null {
  let worst: Severity | null = null;
  for (const value of values) {
    if (value && (!worst || SEVERITY_RANK[value] > SEVERITY_RANK[worst])) worst = value;
  }
  return worst;
}
