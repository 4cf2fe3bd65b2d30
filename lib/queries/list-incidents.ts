import type { Db, Tx } from "#lib/db/prisma.ts";
import { sqlState } from "#lib/db/transaction.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { QueueSort, QueueView } from "#lib/contracts/queries.ts";
import type { QueuePage } from "#lib/contracts/views.ts";
import { INCIDENT_STATUSES } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import { parseQueue } from "#lib/domain/incident/queue-syntax.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { Problem } from "#lib/domain/problem.ts";
import { encodeCursor, readFrom } from "./cursor.ts";
import { asQueueRow, INCIDENT_COLUMNS } from "./incident-row.ts";
import type { IncidentRow } from "./incident-row.ts";
import { conditionOf, facet, plain, severities, waitingFor } from "./queue-conditions.ts";
import type { Condition } from "./queue-conditions.ts";
import { orderOf } from "./queue-sorts.ts";
import type { Order } from "./queue-sorts.ts";

/**
 * `view` "all" is everything that is not closed, "waiting" what `gate.waits_for` says waits for this person; without a
 * view, nothing is left out but merged incidents. `q` is written as queue-syntax.ts reads it.
 */
export type QueueFilter = {
  view?: QueueView;
  /** Whose queue "mine" is. */
  personId: string | null;
  status?: IncidentStatus[];
  severity?: Severity[];
  q?: string;
  sort?: QueueSort;
};

export const QUEUE_PAGE = 50;
const QUEUE_PAGE_MAX = 100;

/** Rows that are looked at in the order of the page before an index is asked which ones are meant. */
const FIRST_LOOK = 1_000;
/** As many as an index may name, to be put in order here. */
const NAMED_MAX = 15_000;
/** As many as the planner may expect of what stands on the rows, for it to be asked; it is often out by a few times. */
const EXPECTED_MAX = 2_000;
/** Rows of the order that one page looks at behind those where neither was enough; the next page goes on behind them. */
const FURTHER_LOOK = 2_500;
/** Decisions that wait for one person, most urgent first. */
const DECISIONS_MAX = 500;
/** However unlucky a search is, it does not hold the database longer. */
const SEARCH_MS = 3_000;

/**
 * One page of the queue by keyset. A page may be short, or empty, before the last one: `nextCursor` tells. Throws Problem
 * 400 (cursor_invalid, filter_invalid) and 503 (search_too_wide).
 */
export async function listIncidents(
  db: Db,
  filter: QueueFilter,
  cursor: string | null = null,
  limit = QUEUE_PAGE,
): Promise<QueuePage> {
  const asked: Asked = {
    ...readFilter(filter),
    size: Math.min(limit, QUEUE_PAGE_MAX),
    cursor,
  };
  if (asked.never) return { incidents: [], nextCursor: null };
  return readFrom(cursor, () =>
    asked.conditions.length === 0
      ? look(db, asked, null).then((page) => page.page)
      : inTime(db, (tx) => search(tx, asked)),
  );
}

type Asked = {
  /** Nothing can be meant. */
  never: boolean;
  /** How far the view reaches. */
  reach: Prisma.Sql;
  /** The same, and what bounds the walk in the order of the page. */
  base: Prisma.Sql;
  conditions: Condition[];
  order: Order;
  size: number;
  cursor: string | null;
};

function readFilter(filter: QueueFilter): Omit<Asked, "size" | "cursor"> {
  const parsed = parseQueue(filter.q ?? "");
  if (!parsed.ok) throw new Problem("filter_invalid", 400, parsed.fault.sentence);
  const { view, personId, status, severity } = filter;
  const conditions = parsed.terms.map((term) => conditionOf(term, personId));
  if (status?.length) conditions.push(facet("status", status, Prisma.sql`i.status`));
  if (severity?.length) conditions.push(severities(severity));
  if (view === "unassigned") conditions.push(plain(Prisma.sql`i.assignee_id IS NULL`));
  if (view === "waiting") conditions.push(waitingFor(personId, DECISIONS_MAX));
  const reach = reachOf(view, [
    ...(status?.length ? [status] : []),
    ...parsed.terms.flatMap((term) => (term.kind === "status" && !term.not ? [term.values] : [])),
  ]);
  const reached = Prisma.sql`${REACH[reach]} AND i.merged_into_id IS NULL`;
  if (view === "mine") conditions.push(mine(personId, reach));
  const asked = filter.sort ?? "activity";
  // No clock runs on what is closed.
  const sort = reach === "closed" && asked === "sla" ? "activity" : asked;
  const bounds = conditions.flatMap(({ bounds: of }) => of?.[sort] ?? []);
  return {
    never: reach === "closed" && conditions.some(({ clock }) => clock),
    reach: reached,
    base: Prisma.join([reached, ...bounds], " AND "),
    conditions,
    order: orderOf(sort),
  };
}

const REACH = {
  open: Prisma.sql`i.status <> 'closed'`,
  closed: Prisma.sql`i.status = 'closed'`,
  both: Prisma.sql`true`,
};

/** A status that is asked for by name says more than the view does. */
function reachOf(
  view: QueueView | undefined,
  named: readonly IncidentStatus[][],
): keyof typeof REACH {
  // a reopening waits on an incident that is closed
  if (named.length === 0)
    return view === undefined || view === "waiting"
      ? "both"
      : view === "closed"
        ? "closed"
        : "open";
  if (!named.some((values) => values.includes("closed"))) return "open";
  return named.every((values) => values.every((value) => value === "closed")) ? "closed" : "both";
}

/** One person has few of all there are; nobody has many. */
function mine(personId: string | null, reach: keyof typeof REACH): Condition {
  if (personId === null) return plain(Prisma.sql`false`);
  const theirs = Prisma.sql`i.assignee_id = ${personId}::uuid`;
  // by name, as they stand in the index behind the person
  const statuses = INCIDENT_STATUSES.filter(
    (status) => reach === "both" || (status === "closed") === (reach === "closed"),
  );
  return {
    ...plain(theirs),
    indexed: null,
    ids: Prisma.sql`SELECT i.id FROM incident i WHERE ${theirs} AND i.status = ANY(${statuses}::text[])`,
    narrow: true,
  };
}

type Found = { page: QueuePage; complete: boolean };

/**
 * What is few by its nature is asked of its index. Else the first rows in order are looked at, which is enough for what is
 * many, and more of them where the first held enough to expect a full page of more. What is rare in this order is asked
 * of an index: of what stands on the rows, where the planner expects few, or of one condition that names few. What is
 * left is looked for one stretch at a time.
 */
async function search(tx: Tx, asked: Asked): Promise<QueuePage> {
  const first = await byNames(tx, asked, (condition) => condition.narrow);
  if (first) return first;
  const near = await look(tx, asked, FIRST_LOOK);
  if (near.complete) return near.page;
  const isDense =
    near.page.incidents.length * (FIRST_LOOK + FURTHER_LOOK) > FIRST_LOOK * asked.size;
  const far = isDense ? await lookFurther(tx, asked, near.page) : null;
  if (far && far.incidents.length === asked.size) return far;
  return (
    (await byRow(tx, asked)) ??
    (await byNames(tx, asked, (condition) => !condition.narrow)) ??
    far ??
    (await lookFurther(tx, asked, near.page))
  );
}

/** A page that was not filled, filled from the rows behind those that were looked at for it. */
async function lookFurther(tx: Tx, asked: Asked, near: QueuePage): Promise<QueuePage> {
  const size = asked.size - near.incidents.length;
  const { page } = await look(tx, { ...asked, size, cursor: near.nextCursor }, FURTHER_LOOK);
  return { ...page, incidents: [...near.incidents, ...page.incidents] };
}

/** The page among what the first of these conditions names that names few; null where none does. */
async function byNames(
  tx: Tx,
  asked: Asked,
  which: (condition: Condition) => boolean,
): Promise<QueuePage | null> {
  for (const naming of asked.conditions.filter(which)) {
    const others = asked.conditions.filter((condition) => condition !== naming);
    const { ids, most } = naming;
    if (!ids || (most !== undefined && (await expected(tx, ids)) > 2 * most)) continue;
    const page = await amongNamed(tx, { ...asked, conditions: others }, { ids, most });
    if (page) return page;
  }
  return null;
}

/** The page by what stands on the rows, or null where the planner expects that to be many. */
async function byRow(tx: Tx, asked: Asked): Promise<QueuePage | null> {
  const onRow = asked.conditions.flatMap(({ indexed }) => indexed ?? []);
  if (onRow.length === 0) return null;
  const isOnRow = (condition: Condition) => condition.indexed !== null;
  // Of the columns there are statistics, of the index none; said twice, as by a bound, a condition counts twice.
  const meant = Prisma.sql`SELECT FROM incident i WHERE ${asked.reach} AND ${all(asked.conditions.filter(isOnRow))}`;
  if ((await expected(tx, meant)) > EXPECTED_MAX) return null;
  const ids = Prisma.sql`SELECT i.id FROM incident i WHERE ${Prisma.join([asked.base, ...onRow], " AND ")}`;
  const others = asked.conditions.filter((condition) => !isOnRow(condition));
  return amongNamed(tx, { ...asked, conditions: others }, { ids });
}

/** How many rows the planner expects of a SELECT, by statistics alone. */
async function expected(tx: Tx, select: Prisma.Sql): Promise<number> {
  const plans = await tx.$queryRaw<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>`
    EXPLAIN (FORMAT JSON) ${select}`;
  return plans[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? Infinity;
}

type Named = { too_many: boolean } & (Row | { id: null });

function isRow(row: Named): row is Named & Row {
  return row.id !== null;
}

/** The page among what `ids` names, or null where that is too many to be put in order. */
async function amongNamed(
  tx: Tx,
  { conditions, base, order, cursor, size }: Asked,
  { ids, most = NAMED_MAX }: { ids: Prisma.Sql; most?: number | undefined },
): Promise<QueuePage | null> {
  const after = cursor === null ? Prisma.empty : Prisma.sql` AND ${order.after(cursor)}`;
  // one row at least, which says whether it was too many
  const rows = await tx.$queryRaw<Named[]>`
    WITH named AS MATERIALIZED (SELECT id FROM (${ids}) AS given LIMIT ${most + 1}::int),
    meant AS MATERIALIZED (
      SELECT i.id, ${order.key} AS key FROM incident i
      WHERE i.id = ANY(ARRAY(SELECT n.id FROM named n)) AND ${base}${after} AND ${all(conditions)}
        AND (SELECT count(*) FROM named) <= ${most}::int)
    SELECT s.too_many, f.* FROM (SELECT count(*) > ${most}::int AS too_many FROM named) AS s
    LEFT JOIN (
      SELECT ${INCIDENT_COLUMNS}, m.key, m.key::text AS sort_key
      FROM (SELECT id, key FROM meant ORDER BY key ${order.direction}, id ${order.direction} LIMIT ${size + 1}::int) AS m
      JOIN incident i ON i.id = m.id LEFT JOIN person p ON p.id = i.assignee_id) AS f ON true
    ORDER BY f.key ${order.direction}, f.id ${order.direction}`;
  return rows[0]?.too_many === false ? pageOf(rows.filter(isRow), size) : null;
}

/**
 * The page as the rows stand in order; `rows`: how many of them are looked at, null: as many as it takes. Complete when
 * it is full or nothing comes behind what was looked at.
 */
async function look(tx: Db | Tx, asked: Asked, rows: number | null): Promise<Found> {
  const { base, order, cursor, size } = asked;
  const after = cursor === null ? Prisma.empty : Prisma.sql` AND ${order.after(cursor)}`;
  const inOrder = Prisma.sql`ORDER BY ${order.key} ${order.direction}, i.id ${order.direction}`;
  const stretch = Prisma.sql`FROM incident i WHERE ${base}${after} ${inOrder}`;
  const found = await tx.$queryRaw<Row[]>`
    SELECT ${INCIDENT_COLUMNS}, f.key::text AS sort_key
    FROM (SELECT i.id, i.key FROM (
            SELECT i.*, ${order.key} AS key ${stretch} LIMIT ${rows ?? size + 1}::int) AS i
          WHERE ${all(asked.conditions)}
          ORDER BY i.key ${order.direction}, i.id ${order.direction} LIMIT ${size + 1}::int) AS f
    JOIN incident i ON i.id = f.id LEFT JOIN person p ON p.id = i.assignee_id
    ORDER BY f.key ${order.direction}, f.id ${order.direction}`;
  const page = pageOf(found, size);
  if (page.nextCursor !== null || rows === null) return { page, complete: true };
  const [edge] = await tx.$queryRaw<{ id: string; key: string }[]>`
    SELECT i.id, ${order.key}::text AS key ${stretch} OFFSET ${rows - 1}::int LIMIT 1`;
  if (!edge) return { page, complete: true };
  return { page: { ...page, nextCursor: encodeCursor(edge.key, edge.id) }, complete: false };
}

type Row = IncidentRow & { sort_key: string };

function pageOf(rows: Row[], size: number): QueuePage {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    incidents: page.map(asQueueRow),
    nextCursor: rows.length > size && last ? encodeCursor(last.sort_key, last.id) : null,
  };
}

function all(conditions: readonly Condition[]): Prisma.Sql {
  return Prisma.join(
    [Prisma.sql`true`, ...conditions.map((each) => Prisma.sql`(${each.plain})`)],
    " AND ",
  );
}

/** Of all its statements together, and of the wait for a connection, in ms. */
const SEARCH = { timeout: 8_000, maxWait: 10_000 };
/** Prisma's word for a transaction whose time is over. */
const OUT_OF_TIME = "P2028";

/** A search has one answer in time or says that it has none; it never reads a whole table in the order it lies. */
async function inTime<T>(db: Db, run: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('statement_timeout', ${String(SEARCH_MS)}, true),
        set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`;
      return run(tx);
    }, SEARCH);
  } catch (error) {
    if (sqlState(error) !== "57014" && (error as { code?: unknown }).code !== OUT_OF_TIME)
      throw error;
    throw new Problem(
      "search_too_wide",
      503,
      "This search takes too long. Add a term that fits fewer incidents, such as a severity or a time.",
    );
  }
}
