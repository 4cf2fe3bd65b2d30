import type { QueueRow } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { runningClock } from "#lib/domain/incident/clock.ts";
import { csvRow } from "#lib/trail/csv.ts";
import { listIncidents } from "./list-incidents.ts";
import type { QueueFilter } from "./list-incidents.ts";
import { QUEUE_TABLE_MAX } from "#lib/contracts/queue-words.ts";

const COLUMNS: readonly [name: string, of: (row: QueueRow) => string | number][] = [
  ["number", (row) => row.number],
  ["title", (row) => row.title],
  ["severity", (row) => row.severity],
  ["status", (row) => row.status],
  ["verdict", (row) => row.verdict ?? ""],
  ["assignee", (row) => row.assignee?.name ?? ""],
  ["sources", (row) => row.sources.join("; ")],
  ["alerts", (row) => row.alertCount],
  ["events", (row) => row.eventCount],
  ["opened_at", (row) => row.openedAt],
  ["last_activity_at", (row) => row.lastActivityAt],
  ["clock", (row) => runningClock(row)?.kind ?? ""],
  ["clock_due_at", (row) => runningClock(row)?.dueAt ?? ""],
  ["summary", (row) => row.summaryStanding ?? ""],
  ["escalated", (row) => String(row.escalated)],
  ["contained", (row) => String(row.contained)],
  ["waiting_for", (row) => row.waitingFor.join("; ")],
];

/**
 * A view of the queue as lines of RFC 4180 without their line feeds, a row of names first, in the view's order, up to
 * `max` rows; a last row says so where there are more. No cell is a formula. Reads page by page, so memory does not grow.
 */
export async function* exportQueue(
  db: Db,
  filter: QueueFilter,
  max = QUEUE_TABLE_MAX,
): AsyncGenerator<string> {
  let cursor: string | null = null;
  let left = max;
  do {
    const page = await listIncidents(db, filter, cursor, Math.min(left, 100));
    // not before the first page: a search that cannot be carried out has no table
    if (cursor === null) yield csvRow(COLUMNS.map(([name]) => name));
    for (const row of page.incidents) yield csvRow(COLUMNS.map(([, of]) => String(of(row))));
    left -= page.incidents.length;
    cursor = page.nextCursor;
  } while (cursor !== null && left > 0);
  if (cursor !== null) {
    const words = `Ends after ${max.toLocaleString("en")} rows; there are more`;
    yield csvRow(COLUMNS.map((_, index) => (index === 0 ? words : "")));
  }
}
