"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { addTask as add } from "#lib/commands/add-task.ts";
import { changeTasks as change } from "#lib/commands/change-tasks.ts";
import { startPlaybook as start } from "#lib/commands/start-playbook.ts";
import { addTaskInput, changeTasksInput, startPlaybookInput } from "#lib/contracts/work-inputs.ts";
import { by } from "./by.ts";

/** Makes tasks of a playbook's steps. */
export const startPlaybook = defineAction({
  name: "playbook_start",
  permission: "task:work",
  input: startPlaybookInput,
  run: ({ person, input, db }) => start(db, input, by(person)),
});

export const addTask = defineAction({
  name: "task_add",
  permission: "task:work",
  input: addTaskInput,
  run: ({ person, input, db }) => add(db, input, by(person)),
});

/** Does, reopens, gives, removes or puts back tasks. */
export const changeTasks = defineAction({
  name: "tasks_change",
  permission: "task:work",
  input: changeTasksInput,
  run: ({ person, input, db }) => change(db, input, by(person)),
});
