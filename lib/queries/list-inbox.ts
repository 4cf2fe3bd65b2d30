import type { InboxPage, TakeView } from "#lib/contracts/inbox.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

type Row = {
  id: string;
  kind: DecisionKind;
  content: DecisionContent;
  incident_id: string;
  number: number;
  title: string;
  severity: Severity;
  proposer: PersonView;
  proposed_at: Date;
  expires_at: Date;
  place: string;
  given: number;
  needed: number;
  taker: PersonView | null;
  until: Date | null;
};

/** A page of what waits for this person's signature, what expires first at the top. Throws Problem 400 (cursor_invalid). */
export async function listInbox(
  db: Db,
  { personId, cursor, limit }: { personId: string; cursor: string | null; limit: number },
): Promise<InboxPage> {
  const rows = await readFrom(
    cursor,
    () => db.$queryRaw<Row[]>`
    SELECT d.id, d.kind, d.content, i.id AS incident_id, i.number, i.title, i.severity, person_view(p) AS proposer,
           d.proposed_at, d.expires_at, to_char(d.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place,
           (SELECT count(*)::int FROM sign_off o WHERE o.decision_id = d.id) AS given, coalesce(r.sign_offs, 1) AS needed,
           CASE WHEN q.id IS NOT NULL THEN person_view(q) END AS taker, t.until
    FROM decision d JOIN incident i ON i.id = d.incident_id JOIN person p ON p.id = d.proposer_id
    LEFT JOIN LATERAL gate.rule_of(d) AS r ON true
    LEFT JOIN decision_take t ON t.decision_id = d.id AND t.until > now()
    LEFT JOIN person q ON q.id = t.person_id
    WHERE d.state = 'proposed' AND d.expires_at > now() AND ${after(cursor)} AND gate.waits_for(d.id, ${personId}::uuid)
    ORDER BY d.expires_at, d.id LIMIT ${limit + 1}::int`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    decisions: page.map((row) => ({
      id: row.id,
      kind: row.kind,
      content: row.content,
      incident: {
        id: row.incident_id,
        number: incidentNumber(row.number),
        title: row.title,
        severity: row.severity,
      },
      proposer: row.proposer,
      proposedAt: iso(row.proposed_at),
      expiresAt: iso(row.expires_at),
      signOffs: { given: row.given, needed: row.needed },
      take: takeView(row.taker, row.until),
    })),
    nextCursor: rows.length > page.length && last ? encodeCursor(last.place, last.id) : null,
  };
}

/** Who is looking at a decision now; null when nobody has taken it. */
export async function findTake(db: Db, decisionId: string): Promise<TakeView | null> {
  const rows = await db.$queryRaw<{ taker: PersonView; until: Date }[]>`
    SELECT person_view(p) AS taker, t.until FROM decision_take t JOIN person p ON p.id = t.person_id
    WHERE t.decision_id = ${decisionId}::uuid AND t.until > now()`;
  return takeView(rows[0]?.taker ?? null, rows[0]?.until ?? null);
}

function takeView(person: PersonView | null, until: Date | null): TakeView | null {
  return person && until ? { person, until: iso(until) } : null;
}

function after(cursor: string | null): Prisma.Sql {
  if (cursor === null) return Prisma.sql`true`;
  const { key, id } = decodeCursor(cursor);
  return Prisma.sql`(d.expires_at, d.id) > (${key}::timestamptz, ${id}::uuid)`;
}
