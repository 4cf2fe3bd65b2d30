import type { IncidentStatus, Verdict } from "./incident.ts";

/** Which service clock of an incident runs: until somebody takes it, then until somebody judges it. */
export type RunningClock = { kind: "assign" | "decide"; dueAt: string };

type Clocked = {
  status: IncidentStatus;
  verdict: Verdict | null;
  assignee: object | null;
  slaDueAt: string;
  decideDueAt: string;
};

/** Null where none runs. The queue is put in this order by the index `incident_clock_idx`. */
export function runningClock(row: Clocked): RunningClock | null {
  if (row.status === "closed") return null;
  if (row.assignee === null) return { kind: "assign", dueAt: row.slaDueAt };
  return row.verdict === null ? { kind: "decide", dueAt: row.decideDueAt } : null;
}
