import { parseAsString, parseAsStringLiteral } from "nuqs/server";
import { QUEUE_SORTS, QUEUE_VIEWS } from "#lib/contracts/queue-words.ts";
import type { QueueSort, QueueView } from "#lib/contracts/queries.ts";

/** The queue's filters as they stand in the address; the page on the server reads the same ones. */
export const queueParams = {
  // Written even where it is "all": the queue without a word of its own opens with what the person chose.
  view: parseAsStringLiteral(QUEUE_VIEWS).withDefault("all").withOptions({ clearOnDefault: false }),
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(QUEUE_SORTS),
  /** The saved view that this began with. */
  saved: parseAsString,
};

const FIRST_SORTS: Record<QueueView, QueueSort> = {
  mine: "severity",
  unassigned: "sla",
  waiting: "activity",
  all: "severity",
  closed: "activity",
};

/** Each view begins with what its reader needs first: the clock where nobody took it yet, else severity. */
export function sortOf(view: QueueView, chosen: QueueSort | null): QueueSort {
  return chosen ?? FIRST_SORTS[view];
}

export const VIEW_WORDS: Record<QueueView, string> = {
  mine: "Mine",
  unassigned: "Unassigned",
  waiting: "Waiting for my signature",
  all: "All open",
  closed: "Closed",
};

export const SORT_WORDS: Record<QueueSort, string> = {
  sla: "SLA",
  severity: "Severity",
  activity: "Last activity",
  age: "Oldest first",
  opened: "Newest first",
};
