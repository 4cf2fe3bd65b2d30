/** The list of tasks, for the key that goes there; apart from the pane, which is fetched later. */
export const TASKS_ID = "tasks";
