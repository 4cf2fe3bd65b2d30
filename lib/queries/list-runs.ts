import { Prisma } from "#lib/db/generated/client.ts";
import type { RunRow } from "#lib/contracts/copilot-views.ts";
import type { RunKind, RunState } from "#lib/domain/copilot/run.ts";
import type { Db } from "#lib/db/prisma.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { asRunRow, RUN_COLUMNS, RUN_TABLES, type RunRowColumns } from "./run-row.ts";

export type RunFilter = {
  /** Empty or left out: all. */
  kinds?: RunKind[];
  states?: RunState[];
  incidentId?: string;
  cursor: string | null;
  limit: number;
};
export type RunPage = { runs: RunRow[]; nextCursor: string | null };

/** A page of runs, the last queued first. Throws Problem 400 (cursor_invalid). */
export async function listRuns(db: Db, filter: RunFilter): Promise<RunPage> {
  const rows = await readFrom(
    filter.cursor,
    () =>
      db.$queryRaw<(RunRowColumns & { place: string })[]>`
    SELECT ${RUN_COLUMNS}, to_char(r.queued_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
    FROM ${RUN_TABLES} WHERE ${conditions(filter)}
    ORDER BY r.queued_at DESC, r.id DESC LIMIT ${filter.limit + 1}::int`,
  );
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const nextCursor = rows.length > page.length && last ? encodeCursor(last.place, last.id) : null;
  return { runs: page.map(asRunRow), nextCursor };
}

function conditions({ kinds = [], states = [], incidentId, cursor }: RunFilter): Prisma.Sql {
  const all = [Prisma.sql`true`];
  if (kinds.length > 0) all.push(Prisma.sql`r.kind = ANY(${kinds}::text[])`);
  if (states.length > 0) all.push(Prisma.sql`r.state = ANY(${states}::text[])`);
  if (incidentId !== undefined) all.push(Prisma.sql`r.incident_id = ${incidentId}::uuid`);
  if (cursor !== null) {
    const { key, id } = decodeCursor(cursor);
    all.push(Prisma.sql`(r.queued_at, r.id) < (${key}::timestamptz, ${id}::uuid)`);
  }
  return Prisma.join(all, " AND ");
}
