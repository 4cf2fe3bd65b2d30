import type {
  ThreadEntry,
  ThreadFilter,
  ThreadPage,
  ThreadWhere,
} from "#lib/contracts/thread-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { readFrom } from "./cursor.ts";
import { actEntry, recordEntry, recordSeek } from "./thread-entries.ts";
import { pinnedPositions } from "./list-pins.ts";
import { recordsWhere } from "./records-where.ts";
import {
  actsSql,
  parseSeek,
  RANKS,
  recordsSql,
  seekText,
  wantsActs,
  wantsRecords,
} from "./thread-sql.ts";
import type { ActRow, Chosen, Direction, RecordRow, Seek } from "./thread-sql.ts";

const PAGE = 200;

type Line = { seek: Seek; entry: ThreadEntry };

/**
 * A page of an incident's thread in order of time: records by when they happened, everything else by when
 * it was done. `place.after` or `place.before` is the `seek` of an entry; neither means from the start.
 */
export async function listThread(
  db: Db,
  incidentId: string,
  filter: ThreadFilter,
  place: { after: string | null; before: string | null },
  limit = PAGE,
): Promise<ThreadPage> {
  return pageFrom(db, incidentId, await choose(db, incidentId, filter), place, limit);
}

/** The page of the thread with a given record in its middle; the first page when it is not in this incident. */
export async function threadAround(
  db: Db,
  incidentId: string,
  filter: ThreadFilter,
  evidenceId: string,
  limit = PAGE,
): Promise<ThreadPage> {
  const wanted = await choose(db, incidentId, filter);
  const rows = await db.$queryRaw<{ at: string; position: number }[]>`
    SELECT to_char(coalesce(time, received_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
           position
    FROM evidence_item WHERE id = ${evidenceId}::uuid AND incident_id = ${incidentId}::uuid`;
  const found = rows[0];
  if (!found) return pageFrom(db, incidentId, wanted, { after: null, before: null }, limit);
  const half = Math.ceil(limit / 2);
  // Just before the record, so that the forward half begins with it.
  const seek: Seek = { at: found.at, rank: RANKS.record, key: String(found.position - 1) };
  const [earlier, later] = await Promise.all([
    read(db, incidentId, wanted.filter, {
      seek: { ...seek, key: String(found.position) },
      direction: "before",
      limit: half,
    }),
    read(db, incidentId, wanted.filter, { seek, direction: "after", limit: half }),
  ]);
  const ends = { previous: earlier.more, next: later.more };
  return pageOf([...earlier.lines, ...later.lines], ends, wanted.where);
}

type Filter = ThreadFilter & Chosen;
type Wanted = { filter: Filter; where: ThreadWhere | null };

/** Which records a query and pins in the filter choose; a query that cannot be read is told and filters nothing. */
export async function choose(db: Db, incidentId: string, filter: ThreadFilter): Promise<Wanted> {
  const { where, ...rest } = filter;
  const pinned = filter.pinned ? await pinnedPositions(db, incidentId) : null;
  if (where === undefined) return { filter: { ...rest, positions: pinned }, where: null };
  const found = await recordsWhere(db, incidentId, where);
  if (!found.ok) return { filter: { ...rest, positions: pinned }, where: found };
  const { records, capped } = found;
  const positions = both(found.positions, pinned);
  return { filter: { ...filter, positions }, where: { ok: true, records, capped } };
}

/** What stands in both lists; null is everything. */
function both(some: number[] | null, others: number[] | null): number[] | null {
  if (some === null || others === null) return some ?? others;
  const wanted = new Set(others);
  return some.filter((position) => wanted.has(position));
}

async function pageFrom(
  db: Db,
  incidentId: string,
  { filter, where }: Wanted,
  place: { after: string | null; before: string | null },
  limit: number,
): Promise<ThreadPage> {
  const before = parseSeek(place.before);
  const after = parseSeek(place.after);
  if (before) {
    const page = await readFrom(place.before, () =>
      read(db, incidentId, filter, { seek: before, direction: "before", limit }),
    );
    return pageOf(page.lines, { previous: page.more, next: true }, where);
  }
  const page = await readFrom(place.after, () =>
    read(db, incidentId, filter, { seek: after, direction: "after", limit }),
  );
  return pageOf(page.lines, { previous: after !== null, next: page.more }, where);
}

async function read(
  db: Db,
  incidentId: string,
  filter: Filter,
  page: { seek: Seek | null; direction: Direction; limit: number },
): Promise<{ lines: Line[]; more: boolean }> {
  const wider = { ...page, limit: page.limit + 1 };
  const [records, acts] = await Promise.all([
    wantsRecords(filter)
      ? db.$queryRaw<RecordRow[]>(recordsSql(incidentId, filter, wider))
      : Promise.resolve([]),
    wantsActs(filter)
      ? db.$queryRaw<ActRow[]>(actsSql(incidentId, filter, wider))
      : Promise.resolve([]),
  ]);
  const lines = [...records.map(recordLine), ...acts.map(actLine)].toSorted(compareLines);
  const forward = page.direction === "after";
  const more = lines.length > page.limit;
  return { lines: forward ? lines.slice(0, page.limit) : lines.slice(-page.limit), more };
}

function pageOf(
  lines: Line[],
  ends: { previous: boolean; next: boolean },
  where: ThreadWhere | null,
): ThreadPage {
  const first = lines[0];
  const last = lines.at(-1);
  return {
    entries: lines.map((line) => line.entry),
    nextCursor: ends.next && last ? seekText(last.seek) : null,
    previousCursor: ends.previous && first ? seekText(first.seek) : null,
    where,
  };
}

function compareLines(a: Line, b: Line): number {
  if (a.seek.at !== b.seek.at) return a.seek.at < b.seek.at ? -1 : 1;
  if (a.seek.rank !== b.seek.rank) return a.seek.rank - b.seek.rank;
  if (a.seek.rank === RANKS.record) return Number(a.seek.key) - Number(b.seek.key);
  return a.seek.key < b.seek.key ? -1 : a.seek.key > b.seek.key ? 1 : 0;
}

function recordLine(row: RecordRow): Line {
  return { seek: recordSeek(row), entry: recordEntry(row) };
}

function actLine(row: ActRow): Line {
  return { seek: { at: row.at, rank: row.rank, key: row.id }, entry: actEntry(row) };
}
