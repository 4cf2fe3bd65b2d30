import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce, lockIncident } from "./lock-incident.ts";
import { insertTasks, requireOpen, standingTasks } from "./task-rows.ts";
import type { NewTask } from "./task-rows.ts";

export type StartPlaybookInput = { incidentId: string; playbook: string; version: number };

/**
 * Makes a task of each step of a playbook, behind those that are there. Returns their ids. Throws Problem
 * `playbook_unknown` 404 unless it is the newest version of its name, `playbook_started` 409 when its tasks are there
 * already, `tasks_full` or `incident_closed` 409.
 */
export async function startPlaybook(
  db: Db,
  input: StartPlaybookInput,
  by: Actor,
): Promise<{ taskIds: string[] }> {
  const { playbook, version } = input;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      requireOpen(incident);
      const tasks = await stepsOf(tx, input);
      const standing = await standingTasks(tx, incident.id);
      if (standing.some((task) => task.playbook === playbook && !task.removed)) {
        throw new Problem("playbook_started", 409, "The tasks of this playbook are there already.");
      }
      const taskIds = await insertTasks(tx, incident.id, { tasks, standing, personId: by.id });
      await announce(tx, incident.id);
      await appendTrail(tx, {
        kind: "playbook.started",
        actor: actorText(by),
        incidentId: incident.id,
        payload: { playbook, version, tasks: tasks.length },
      });
      return { taskIds };
    }),
  );
}

async function stepsOf(tx: Tx, { playbook, version }: StartPlaybookInput): Promise<NewTask[]> {
  const rows = await tx.$queryRaw<(Omit<NewTask, "step"> & { number: number })[]>`
    SELECT number, title, details, tactic FROM playbook_step
    WHERE playbook = ${playbook} AND version = ${version}::int
      AND version = (SELECT max(p.version) FROM playbook p WHERE p.name = ${playbook})
    ORDER BY number`;
  if (rows.length === 0)
    throw new Problem("playbook_unknown", 404, "There is no such playbook in force. Look again.");
  return rows.map(({ number, ...task }) => ({ ...task, step: { playbook, version, number } }));
}
