import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { QueueSort, QueueView } from "#lib/contracts/queries.ts";
import type { QueuePage } from "#lib/contracts/views.ts";
import { refang } from "#lib/domain/evidence/refang.ts";
import { OBSERVABLE_TYPES } from "#lib/domain/evidence/record.ts";
import { parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { likePattern } from "./shape.ts";
import { asQueueRow, INCIDENT_COLUMNS } from "./incident-row.ts";
import type { IncidentRow } from "./incident-row.ts";

/**
 * `view` "all" is everything that is not closed; without a view, nothing is left out but merged incidents.
 * `q` is a number, a part of the title, or an observable's exact value, defanged or not.
 */
export type QueueFilter = {
  view?: QueueView;
  /** Whose queue "mine" is. */
  personId: string | null;
  assigneeId?: string;
  status?: IncidentStatus[];
  severity?: Severity[];
  q?: string;
  sort?: QueueSort;
};

export const QUEUE_PAGE = 50;
const QUEUE_PAGE_MAX = 100;
const VALUE_HITS_MAX = 1_000;

type SortKey = { column: Prisma.Sql; type: Prisma.Sql; descending: boolean };

const SORT_KEYS: Record<QueueSort, SortKey> = {
  activity: {
    column: Prisma.sql`i.last_activity_at`,
    type: Prisma.sql`timestamptz`,
    descending: true,
  },
  severity: { column: Prisma.sql`i.severity_rank`, type: Prisma.sql`int`, descending: true },
  sla: { column: Prisma.sql`i.sla_due_at`, type: Prisma.sql`timestamptz`, descending: false },
  opened: { column: Prisma.sql`i.opened_at`, type: Prisma.sql`timestamptz`, descending: true },
};

/** One page of the queue by keyset; one statement. */
export async function listIncidents(
  db: Db,
  filter: QueueFilter,
  cursor: string | null = null,
  limit = QUEUE_PAGE,
): Promise<QueuePage> {
  const size = Math.min(limit, QUEUE_PAGE_MAX);
  const { column, type, descending } = SORT_KEYS[filter.sort ?? "activity"];
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const conditions = [Prisma.sql`i.merged_into_id IS NULL`, ...conditionsOf(filter)];
  if (cursor !== null) {
    const { key, id } = decodeCursor(cursor);
    const after = descending ? Prisma.sql`<` : Prisma.sql`>`;
    conditions.push(Prisma.sql`(${column}, i.id) ${after} (${key}::${type}, ${id}::uuid)`);
  }
  const sql = Prisma.sql`
    SELECT ${INCIDENT_COLUMNS}, ${column}::text AS sort_key
    FROM incident i LEFT JOIN person p ON p.id = i.assignee_id
    WHERE ${Prisma.join(conditions, " AND ")}
    ORDER BY ${column} ${direction}, i.id ${direction} LIMIT ${size + 1}::int`;
  const rows = await readFrom(cursor, () =>
    db.$queryRaw<(IncidentRow & { sort_key: string })[]>(sql),
  );
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    incidents: page.map(asQueueRow),
    nextCursor: rows.length > size && last ? encodeCursor(last.sort_key, last.id) : null,
  };
}

function conditionsOf(filter: QueueFilter): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  const { status, severity, assigneeId, q } = filter;
  if (status?.length) conditions.push(Prisma.sql`i.status = ANY(${status}::text[])`);
  else if (filter.view === "closed") conditions.push(Prisma.sql`i.status = 'closed'`);
  else if (filter.view) conditions.push(Prisma.sql`i.status <> 'closed'`);
  if (filter.view === "mine") conditions.push(Prisma.sql`i.assignee_id = ${filter.personId}::uuid`);
  if (filter.view === "unassigned") conditions.push(Prisma.sql`i.assignee_id IS NULL`);
  if (filter.view === "waiting") conditions.push(WAITING);
  if (severity?.length) conditions.push(Prisma.sql`i.severity = ANY(${severity}::text[])`);
  if (assigneeId) conditions.push(Prisma.sql`i.assignee_id = ${assigneeId}::uuid`);
  if (q) conditions.push(matching(q));
  return conditions;
}

const WAITING = Prisma.sql`i.id IN (
  SELECT d.incident_id FROM decision d WHERE d.state = 'proposed' AND d.expires_at > now()
  UNION SELECT m.incident_id FROM decision_incident m JOIN decision d ON d.id = m.decision_id
  WHERE d.state = 'proposed' AND d.expires_at > now())`;

function matching(q: string): Prisma.Sql {
  const number = parseIncidentNumber(q);
  if (number !== null && number <= 2_147_483_647) return Prisma.sql`i.number = ${number}::int`;
  const value = refang(q);
  return Prisma.sql`(i.title ILIKE ${likePattern(q)} OR i.id = ANY(ARRAY(
    SELECT o.incident_id FROM incident_observable o
    WHERE o.type = ANY(${[...OBSERVABLE_TYPES]}::text[]) AND o.value = ${value}
    ORDER BY o.incident_id DESC LIMIT ${VALUE_HITS_MAX}::int)))`;
}
