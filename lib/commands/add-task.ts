import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import { TASK_LIMITS } from "#lib/domain/incident/task.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce, lockIncident } from "./lock-incident.ts";
import { insertTasks, requireOpen, standingTasks } from "./task-rows.ts";

export type AddTaskInput = { incidentId: string; title: string; details: string };

/** Adds a task by hand, behind those that are there. Throws Problem `task_unwritten` 422, `tasks_full` or `incident_closed` 409. */
export async function addTask(db: Db, input: AddTaskInput, by: Actor): Promise<{ id: string }> {
  const title = storableText(input.title).trim();
  const details = storableText(input.details).trim();
  if (title === "" || title.length > TASK_LIMITS.title || details.length > TASK_LIMITS.details) {
    throw new Problem("task_unwritten", 422, "Write in a few words what is to be done.");
  }
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      requireOpen(incident);
      const standing = await standingTasks(tx, incident.id);
      const tasks = [{ title, details, tactic: null, step: null }];
      const [id] = await insertTasks(tx, incident.id, { tasks, standing, personId: by.id });
      await announce(tx, incident.id);
      await appendTrail(tx, {
        kind: "task.added",
        actor: actorText(by),
        incidentId: incident.id,
        payload: { task: id, title, details },
      });
      return { id: id! };
    }),
  );
}
