import type { SecondReviewLine, SecondReviewPage } from "#lib/contracts/second-review-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import type { SecondReviewOutcome } from "#lib/domain/decision/second-review.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { decodeCursor, encodeCursor, readFrom } from "./cursor.ts";
import { iso } from "./shape.ts";

export type SecondReviewFilter = { state: "due" | "given"; cursor: string | null; limit: number };

type Row = {
  decision_id: string;
  kind: DecisionKind;
  content: DecisionContent;
  proposer: PersonView;
  signers: PersonView[] | null;
  incident_id: string;
  number: number;
  title: string;
  due_at: Date;
  outcome: SecondReviewOutcome | null;
  words: string | null;
  at: Date | null;
  assurance: "password" | "passkey" | null;
  reviewer: PersonView | null;
  place: string;
};

const MICROSECONDS = Prisma.raw(`'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`);

/**
 * A page of second reviews: those that are due, the most urgent first, or those that were given, the newest first; and
 * how many are due in all. Throws Problem 400 (cursor_invalid).
 */
export async function listSecondReviews(
  db: Db,
  { state, cursor, limit }: SecondReviewFilter,
): Promise<SecondReviewPage> {
  const due = state === "due";
  const key = due ? Prisma.sql`r.due_at` : Prisma.sql`r.at`;
  const order = due ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const rows = await readFrom(
    cursor,
    () => db.$queryRaw<Row[]>`
    SELECT r.decision_id, d.kind, d.content, person_view(p) AS proposer, r.incident_id, i.number, i.title, r.due_at,
           (SELECT json_agg(person_view(q) ORDER BY s.at) FROM sign_off s JOIN person q ON q.id = s.person_id
            WHERE s.decision_id = d.id) AS signers,
           r.outcome, r.words, r.at, r.assurance, CASE WHEN v.id IS NOT NULL THEN person_view(v) END AS reviewer,
           to_char(${key} AT TIME ZONE 'UTC', ${MICROSECONDS}) AS place
    FROM second_review r
    JOIN decision d ON d.id = r.decision_id
    JOIN incident i ON i.id = r.incident_id
    JOIN person p ON p.id = d.proposer_id
    LEFT JOIN person v ON v.id = r.reviewer_id
    WHERE ${due ? Prisma.sql`r.at IS NULL` : Prisma.sql`r.at IS NOT NULL`} ${after(cursor, key, due)}
    ORDER BY ${key} ${order}, r.decision_id ${order} LIMIT ${limit + 1}::int`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    reviews: page.map(asLine),
    nextCursor:
      rows.length > page.length && last ? encodeCursor(last.place, last.decision_id) : null,
    dueCount: await db.secondReview.count({ where: { at: null } }),
  };
}

function after(cursor: string | null, key: Prisma.Sql, due: boolean): Prisma.Sql {
  if (cursor === null) return Prisma.empty;
  const place = decodeCursor(cursor);
  const beyond = due ? Prisma.sql`>` : Prisma.sql`<`;
  return Prisma.sql`AND (${key}, r.decision_id) ${beyond} (${place.key}::timestamptz, ${place.id}::uuid)`;
}

function asLine(row: Row): SecondReviewLine {
  const { outcome, words, at, reviewer, assurance } = row;
  return {
    decisionId: row.decision_id,
    kind: row.kind,
    content: row.content,
    proposer: row.proposer,
    signers: row.signers ?? [],
    incident: { id: row.incident_id, number: incidentNumber(row.number), title: row.title },
    dueAt: iso(row.due_at),
    given:
      outcome && at && reviewer
        ? { outcome, words: words ?? "", at: iso(at), person: reviewer, assurance }
        : null,
  };
}
