/** What the desk does with incidents of some types, step by step; tasks are made from it. */
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import type { IncidentType } from "#lib/domain/decision/policy.ts";
import { TASK_LIMITS } from "./task.ts";

/** Lengths in UTF-16 units; `rank` is the highest. */
export const PLAYBOOK_LIMITS = {
  name: 100,
  reason: 500,
  rank: 1_000,
  steps: 50,
  title: TASK_LIMITS.title,
  details: TASK_LIMITS.details,
} as const;
/** As many as are offered and listed at once. */
export const PLAYBOOKS_MAX = 200;

export type PlaybookStep = { title: string; details: string; tactic: IncidentType | null };

/** What a version says. Without a step it is retired. */
export type PlaybookContent = {
  /** Tactics; none: for what no other one fits. */
  incidentTypes: IncidentType[];
  rank: number;
  steps: PlaybookStep[];
};

export function isIncidentType(value: string): value is IncidentType {
  return (INCIDENT_TYPES as readonly string[]).includes(value);
}

/** The list with one step carried `by` places; the same list where there is no such place. */
export function moved<T>(list: readonly T[], from: number, by: number): readonly T[] {
  const to = from + by;
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, item);
}
