/** Views and orders of the queue; what the address may say of them stands in queries.ts. */

export const QUEUE_VIEWS = ["mine", "unassigned", "waiting", "all", "closed"] as const;
export const QUEUE_SORTS = ["sla", "severity", "age", "opened", "activity"] as const;

/** Rows of the queue that one table has at most. */
export const QUEUE_TABLE_MAX = 10_000;
