"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import { takeOver, watchIncident } from "#lib/actions/hand-over.ts";
import { addTask, changeTasks, startPlaybook } from "#lib/actions/tasks.ts";
import { incidentKeys, incidentWorkOptions } from "#lib/browser/incident-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { TaskChange } from "#lib/contracts/work-inputs.ts";
import type {
  HandoverView,
  IncidentWorkView,
  PlaybookView,
  TaskView,
} from "#lib/contracts/work-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { TaskState } from "#lib/domain/incident/task.ts";

type Answer<T> = { ok: true; data: T } | { ok: false; message: string };
type Act<T> = {
  run: () => Promise<Answer<T>>;
  done: string;
  failed: string;
  undo?: (data: T) => void;
};

const NOTHING: IncidentWorkView = { tasks: [], playbooks: [], handover: null, watching: false };
const DONE_WORDS: Record<TaskState, string> = {
  open: "Opened again",
  done: "Done",
  not_needed: "Not needed",
};

/** What people do in an incident besides deciding, and the acts of it; each of a task can be undone. */
export function useWork(incidentId: string) {
  const query = useQuery(incidentWorkOptions(incidentId));
  const [pending, act] = useActing(incidentId);
  const change = (taskIds: string[], to: TaskChange, words: Omit<Act<unknown>, "run">) =>
    act({ run: () => changeTasks({ incidentId, taskIds, change: to }), ...words });
  const setState = (task: TaskView, state: TaskState, undoable = true) =>
    change(
      [task.id],
      { kind: "state", state },
      {
        done: `${DONE_WORDS[state]}: ${task.title}`,
        failed: "The task was not changed",
        undo: undoable ? () => setState(task, task.state, false) : undefined,
      },
    );
  const assign = (task: TaskView, to: Pick<PersonView, "id" | "name"> | null, undoable = true) =>
    change(
      [task.id],
      { kind: "assignee", personId: to?.id ?? null },
      {
        done: to ? `Given to ${to.name}: ${task.title}` : `Given to nobody: ${task.title}`,
        failed: "The task was not given",
        undo: undoable ? () => assign(task, task.assignee, false) : undefined,
      },
    );
  const remove = (taskIds: string[], removed: boolean, undoable = true) =>
    change(
      taskIds,
      { kind: "removed", removed },
      {
        done: removed
          ? `Removed ${taskIds.length === 1 ? "the task" : `${taskIds.length} tasks`}`
          : "Put back",
        failed: removed ? "Nothing was removed" : "Nothing was put back",
        undo: undoable ? () => remove(taskIds, !removed, false) : undefined,
      },
    );
  const start = ({ name, version }: PlaybookView) =>
    act({
      run: () => startPlaybook({ incidentId, playbook: name, version }),
      done: `Started the playbook ${name}`,
      failed: "The playbook was not started",
      undo: ({ taskIds }) => remove(taskIds, true, false),
    });
  const add = (title: string, onAdded: () => void) =>
    act({
      run: async () => {
        const answer = await reached(addTask({ incidentId, title, details: "" }));
        if (answer.ok) onAdded();
        return answer;
      },
      done: "Added the task",
      failed: "The task was not added",
      undo: ({ id }) => remove([id], true, false),
    });
  return {
    ...(query.data ?? NOTHING),
    query,
    pending,
    setState: (task: TaskView, state: TaskState) => setState(task, state),
    assign: (task: TaskView, to: Pick<PersonView, "id" | "name"> | null) => assign(task, to),
    remove: (task: TaskView) => remove([task.id], true),
    start,
    add,
    ...useAttention(incidentId, act),
  };
}

export type Work = ReturnType<typeof useWork>;
type Acting = ReturnType<typeof useActing>[1];

/** Does it, says what came of it, and has what is shown of the incident asked for anew. */
function useActing(incidentId: string) {
  const cache = useQueryClient();
  const [pending, start] = useTransition();
  const act = <T>({ run, done, failed, undo }: Act<T>) =>
    start(async () => {
      const answer = await reached<Answer<T>>(run());
      if (answer.ok) {
        const { data } = answer;
        toast.done(done, undo ? { act: { label: "Undo", onPress: () => undo(data) } } : {});
      } else toast.failed(failed, { detail: answer.message });
      await cache.invalidateQueries({ queryKey: incidentKeys.all(incidentId) });
    });
  return [pending, act] as const;
}

function useAttention(incidentId: string, act: Acting) {
  const watch = (watching: boolean, undoable = true) =>
    act({
      run: () => watchIncident({ incidentId, watching }),
      done: watching ? "You watch this incident" : "You do not watch it any more",
      failed: watching ? "You do not watch it" : "You watch it still",
      undo: undoable ? () => watch(!watching, false) : undefined,
    });
  return {
    watch: (watching: boolean) => watch(watching),
    takeOver: ({ id }: HandoverView) =>
      act({
        run: () => takeOver({ incidentId, handoverId: id }),
        done: "Taken over",
        failed: "It was not taken over",
      }),
  };
}
