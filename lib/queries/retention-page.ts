import type {
  ErasureView,
  HoldView,
  RetentionPage,
  StandingHold,
} from "#lib/contracts/erasure-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ErasureState, LegalBasis } from "#lib/domain/incident/erasure.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

const PAGE = 50;
/** More holds than this on one incident say no more than these. */
const STANDING_MAX = 20;

type Asked = { incident?: string; cursor?: string; holdCursor?: string };

/** Holds and erasures, newest first, each by its own keyset; of one incident, when its number is given. */
export async function retentionPage(
  db: Db,
  { incident, cursor, holdCursor }: Asked,
  limit = PAGE,
): Promise<RetentionPage> {
  const number = incident === undefined ? null : (parseIncidentNumber(incident) ?? 0);
  const of =
    number === null
      ? Prisma.sql`true`
      : Prisma.sql`i.number = ${Math.min(number, 2_147_483_647)}::int`;
  const [holds, erasures] = await Promise.all([
    readFrom(holdCursor ?? null, () =>
      readHolds(db, Prisma.sql`${of} AND ${before("h", holdCursor)}`, limit + 1),
    ),
    readFrom(cursor ?? null, () =>
      readErasures(db, Prisma.sql`${of} AND ${before("r", cursor)}`, limit + 1),
    ),
  ]);
  return {
    holds: holds.slice(0, limit).map(asHold),
    nextHold: nextOf(holds, limit),
    erasures: erasures.slice(0, limit).map(asErasure),
    nextErasure: nextOf(erasures, limit),
  };
}

/** The holds that stand over an incident: its own, those of what it was split from or merged with, those on everything. */
export async function holdsOver(db: Db, incidentId: string): Promise<StandingHold[]> {
  const rows = await readHolds(
    db,
    Prisma.sql`l.hold_id IS NULL AND (h.incident_id IS NULL OR h.incident_id IN (SELECT gate.told_of(${incidentId}::uuid)))`,
    STANDING_MAX,
  );
  return rows.map(asHold).map(({ id, at, incident }) => ({ id, at, incident }));
}

function before(table: "h" | "r", cursor: string | undefined): Prisma.Sql {
  if (cursor === undefined) return Prisma.sql`true`;
  const { key, id } = decodeCursor(cursor);
  const columns = table === "h" ? Prisma.sql`(h.at, h.id)` : Prisma.sql`(r.at, r.id)`;
  return Prisma.sql`${columns} < (${key}::timestamptz, ${id}::uuid)`;
}

type Row = {
  id: string;
  at: Date;
  at_key: string;
  incident_id: string | null;
  number: number | null;
  reason: string;
  by: PersonView;
  end_at: Date | null;
  end_by: PersonView | null;
  end_reason: string | null;
};
type ErasureRow = Row & { legal_basis: LegalBasis; state: ErasureState; entry: bigint | null };

function readHolds(db: Db, condition: Prisma.Sql, limit: number): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT h.id, h.at, h.at::text AS at_key, h.incident_id, i.number, h.reason, person_view(p) AS by,
           l.at AS end_at, person_view(q) AS end_by, l.reason AS end_reason
    FROM trail.legal_hold h JOIN person p ON p.id = h.person_id LEFT JOIN incident i ON i.id = h.incident_id
      LEFT JOIN trail.legal_hold_lift l ON l.hold_id = h.id LEFT JOIN person q ON q.id = l.person_id
    WHERE ${condition} ORDER BY h.at DESC, h.id DESC LIMIT ${limit}::int`;
}

function readErasures(db: Db, condition: Prisma.Sql, limit: number): Promise<ErasureRow[]> {
  return db.$queryRaw<ErasureRow[]>`
    SELECT r.id, r.at, r.at::text AS at_key, r.incident_id, i.number, r.reason, r.legal_basis, person_view(p) AS by,
           gate.erasure_state(r.at, x.outcome) AS state, x.at AS end_at, person_view(q) AS end_by, x.reason AS end_reason,
           CASE x.outcome WHEN 'approved' THEN (SELECT min(e.seq) FROM trail.entry e
             WHERE e.incident_id = r.incident_id AND e.kind = 'payload.erased' AND e.at >= x.at) END AS entry
    FROM trail.erasure r JOIN person p ON p.id = r.person_id JOIN incident i ON i.id = r.incident_id
      LEFT JOIN trail.erasure_end x ON x.erasure_id = r.id LEFT JOIN person q ON q.id = x.person_id
    WHERE ${condition} ORDER BY r.at DESC, r.id DESC LIMIT ${limit}::int`;
}

function nextOf(rows: Row[], limit: number): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last ? encodeCursor(last.at_key, last.id) : null;
}

function asHold(row: Row): HoldView {
  return {
    id: row.id,
    at: iso(row.at),
    incident:
      row.incident_id === null || row.number === null
        ? null
        : { id: row.incident_id, number: incidentNumber(row.number) },
    reason: row.reason,
    by: row.by,
    lifted:
      row.end_at === null || row.end_by === null
        ? null
        : { at: iso(row.end_at), by: row.end_by, reason: row.end_reason ?? "" },
  };
}

function asErasure(row: ErasureRow): ErasureView {
  return {
    id: row.id,
    at: iso(row.at),
    incident: { id: row.incident_id ?? "", number: incidentNumber(row.number ?? 0) },
    legalBasis: row.legal_basis,
    reason: row.reason,
    by: row.by,
    state: row.state,
    end:
      row.end_at === null || row.end_by === null
        ? null
        : { at: iso(row.end_at), by: row.end_by, reason: row.end_reason },
    entry: row.entry === null ? null : Number(row.entry),
  };
}
