import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { csvEntry, csvHeader } from "#lib/trail/csv.ts";
import { exportLine } from "#lib/trail/line.ts";
import type { ErasedEntry, ExportedEntry } from "#lib/trail/line.ts";
import { trailRows, trailSize, type TrailRow } from "./trail-rows.ts";

type Of = { incidentId?: string };

/**
 * The trail as JSONL, one entry a line without its line end, of one incident or of everything, oldest first.
 * Ends with the entries there were when it began.
 */
export async function* exportTrail(db: Db, of: Of = {}): AsyncGenerator<string> {
  for await (const row of await rowsOf(db, of)) yield exportLine(exported(row));
}

/** The same as a table for reading, with a row of names first; no cell of it is a formula. */
export async function* exportTable(db: Db, of: Of = {}): AsyncGenerator<string> {
  yield csvHeader();
  for await (const row of await rowsOf(db, of)) yield csvEntry(row);
}

async function rowsOf(db: Db, { incidentId }: Of): Promise<AsyncGenerator<TrailRow>> {
  const condition = incidentId ? Prisma.sql`e.incident_id = ${incidentId}::uuid` : Prisma.sql`true`;
  return trailRows(db, { condition, end: await trailSize(db) });
}

/** An entry as a line of an export holds it. */
export function exported({ line, leaf, ...told }: TrailRow): ExportedEntry | ErasedEntry {
  return told.erasedBy === null
    ? { line, leaf, salt: told.salt, payload: told.payload }
    : { line, leaf, erasedBy: told.erasedBy };
}
