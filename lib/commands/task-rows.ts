import { randomUUID } from "node:crypto";
import type { Tx } from "#lib/db/prisma.ts";
import { TASKS_EVER_MAX, TASKS_MAX } from "#lib/domain/incident/task.ts";
import type { TaskState } from "#lib/domain/incident/task.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { LockedRow } from "./lock-incident.ts";

/** A task as its newest row says it stands. */
export type StandingTask = {
  id: string;
  title: string;
  playbook: string | null;
  number: number;
  state: TaskState;
  assigneeId: string | null;
  removed: boolean;
};

export type NewTask = {
  title: string;
  details: string;
  tactic: string | null;
  step: { playbook: string; version: number; number: number } | null;
};

/** Every task of an incident, those that were removed too, in order. The incident is locked. */
export function standingTasks(tx: Tx, incidentId: string): Promise<StandingTask[]> {
  return tx.$queryRaw<StandingTask[]>`
    SELECT t.id, t.title, t.playbook, coalesce(s.number, 0) AS number, coalesce(s.state, 'open') AS state,
           s.assignee_id AS "assigneeId", coalesce(s.removed, false) AS removed
    FROM incident_task t LEFT JOIN LATERAL (
      SELECT * FROM task_state z WHERE z.task_id = t.id ORDER BY z.number DESC LIMIT 1) s ON true
    WHERE t.incident_id = ${incidentId}::uuid ORDER BY t.place`;
}

/** Throws Problem `incident_closed` 409: what is closed is worked on no more. */
export function requireOpen(incident: LockedRow): void {
  if (incident.status === "closed")
    throw new Problem("incident_closed", 409, "The incident is closed.");
}

/** Puts tasks behind those that stand. Throws Problem `tasks_full` 409 when they would be too many. */
export async function insertTasks(
  tx: Tx,
  incidentId: string,
  { tasks, standing, personId }: { tasks: NewTask[]; standing: StandingTask[]; personId: string },
): Promise<string[]> {
  requireRoom(standing, tasks.length);
  const ids = tasks.map(() => randomUUID());
  for (const [at, { title, details, tactic, step }] of tasks.entries()) {
    await tx.$executeRaw`
      INSERT INTO incident_task (id, incident_id, place, title, details, tactic, playbook, playbook_version, playbook_step, person_id)
      VALUES (${ids[at]!}::uuid, ${incidentId}::uuid, ${standing.length + at + 1}::int, ${title}, ${details}, ${tactic},
              ${step?.playbook ?? null}, ${step?.version ?? null}::int, ${step?.number ?? null}::int, ${personId}::uuid)`;
  }
  return ids;
}

export function requireRoom(standing: readonly StandingTask[], more: number): void {
  const there = standing.filter(({ removed }) => !removed).length;
  if (there + more > TASKS_MAX || standing.length + more > TASKS_EVER_MAX) {
    throw new Problem(
      "tasks_full",
      409,
      `An incident has at most ${TASKS_MAX} tasks. Remove some first.`,
    );
  }
}
