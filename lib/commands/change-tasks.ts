import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import type { ChangeTasksInput, TaskChange } from "#lib/contracts/work-inputs.ts";
import type { TaskState } from "#lib/domain/incident/task.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { TrailKind } from "#lib/trail/kinds.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { workerNamed } from "./assign-incident.ts";
import { withGuards } from "./guard-problem.ts";
import { announce, lockIncident } from "./lock-incident.ts";
import { requireOpen, requireRoom, standingTasks } from "./task-rows.ts";
import type { StandingTask } from "./task-rows.ts";

type Change = ChangeTasksInput["change"];

/**
 * Does, reopens, gives, removes or puts back tasks of an incident, each with its entry; what is so already stays so, with
 * none. All of them or none. Throws Problem `task_not_found` 404, `task_settled`, `task_removed` or `tasks_full` 409,
 * `incident_closed` 409, `assignee_invalid` 422.
 */
export async function changeTasks(
  db: Db,
  { incidentId, taskIds, change }: ChangeTasksInput,
  by: Actor,
): Promise<{ changed: string[] }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, incidentId);
      requireOpen(incident);
      const standing = await standingTasks(tx, incident.id);
      const tasks = taskIds.map((id) => named(standing, id));
      const moved = tasks.filter((task) => differs(task, change));
      if (moved.length === 0) return { changed: [] };
      moved.forEach((task) => requireAllowed(task, change));
      if (change.kind === "removed" && !change.removed) requireRoom(standing, moved.length);
      const assignee =
        change.kind === "assignee" ? await workerNamed(tx, change.personId) : undefined;
      for (const task of moved) await writeState(tx, task, change, by);
      await announce(tx, incident.id);
      for (const task of moved) {
        const payload = { task: task.id, title: task.title };
        await appendTrail(tx, {
          kind: kindOf(change),
          actor: actorText(by),
          incidentId: incident.id,
          payload:
            assignee === undefined
              ? { ...payload, before: task.state }
              : {
                  ...payload,
                  assigneeId: assignee?.id ?? null,
                  assigneeName: assignee?.name ?? null,
                  before: task.assigneeId,
                },
        });
      }
      return { changed: moved.map(({ id }) => id) };
    }),
  );
}

function named(standing: readonly StandingTask[], id: string): StandingTask {
  const task = standing.find((each) => each.id === id);
  if (!task) throw new Problem("task_not_found", 404, "There is no such task in this incident.");
  return task;
}

function differs(task: StandingTask, change: TaskChange): boolean {
  switch (change.kind) {
    case "state":
      return task.removed || task.state !== change.state;
    case "assignee":
      return task.removed || task.assigneeId !== change.personId;
    case "removed":
      return task.removed !== change.removed;
  }
}

function requireAllowed(task: StandingTask, change: TaskChange): void {
  if (task.removed && change.kind !== "removed")
    throw new Problem("task_removed", 409, "The task was removed. Put it back first.");
  if (change.kind === "removed" && change.removed && task.state !== "open")
    throw new Problem("task_settled", 409, "Only an open task can be removed.");
}

async function writeState(tx: Tx, task: StandingTask, change: Change, by: Actor): Promise<void> {
  const next = {
    state: change.kind === "state" ? change.state : task.state,
    assigneeId: change.kind === "assignee" ? change.personId : task.assigneeId,
    removed: change.kind === "removed" ? change.removed : task.removed,
  };
  await tx.$executeRaw`
    INSERT INTO task_state (task_id, number, state, assignee_id, removed, person_id)
    VALUES (${task.id}::uuid, ${task.number + 1}::int, ${next.state}, ${next.assigneeId}::uuid, ${next.removed}, ${by.id}::uuid)`;
}

const STATE_KINDS: Record<TaskState, TrailKind> = {
  open: "task.reopened",
  done: "task.done",
  not_needed: "task.not_needed",
};

function kindOf(change: Change): TrailKind {
  switch (change.kind) {
    case "state":
      return STATE_KINDS[change.state];
    case "assignee":
      return "task.assigned";
    case "removed":
      return change.removed ? "task.removed" : "task.restored";
  }
}
