/** What there is to do in an incident, step by step. Tasks are people's: no model makes or ticks one. */
export const TASK_STATES = ["open", "done", "not_needed"] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** As many tasks as one incident may have at a time; those that were removed do not count. */
export const TASKS_MAX = 100;
/** As many rows as one incident may ever have, removed ones among them. */
export const TASKS_EVER_MAX = 1_000;
/** Longest texts, in UTF-16 units. */
export const TASK_LIMITS = { title: 200, details: 2_000 } as const;

export const TASK_STATE_WORDS: Record<TaskState, string> = {
  open: "Open",
  done: "Done",
  not_needed: "Not needed",
};

export type Progress = { done: number; count: number };

/** What is not needed counts neither as done nor as something to do. */
export function progressOf(tasks: readonly { state: TaskState }[]): Progress {
  return {
    done: tasks.filter(({ state }) => state === "done").length,
    count: tasks.filter(({ state }) => state !== "not_needed").length,
  };
}

/** `3 of 7 done` */
export function progressWords({ done, count }: Progress): string {
  return `${done} of ${count} done`;
}

type Fitting = { incidentTypes: readonly string[]; rank: number };

/**
 * Playbooks in the order they are offered for an incident of these types: those that name one of them, the highest rank
 * first; then those for any incident; then the rest.
 */
export function byFit<T extends Fitting>(playbooks: readonly T[], types: readonly string[]): T[] {
  const fits = ({ incidentTypes }: T): number => {
    if (incidentTypes.some((type) => types.includes(type))) return 0;
    return incidentTypes.length === 0 ? 1 : 2;
  };
  return playbooks.toSorted((a, b) => fits(a) - fits(b) || b.rank - a.rank);
}
