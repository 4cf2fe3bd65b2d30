import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { SecondReviewView } from "#lib/contracts/second-review-views.ts";
import type { DecisionView, SignOffView } from "#lib/contracts/views.ts";
import type {
  DecisionContent,
  DecisionKind,
  DecisionState,
} from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { requirementFrom } from "#lib/domain/decision/policy.ts";
import type { RequirementWords } from "#lib/domain/decision/policy.ts";
import { decisionSignOffs } from "./decision-sign-offs.ts";
import { responseWork } from "./response-work.ts";
import { hex, iso } from "./shape.ts";

type DecisionRow = {
  id: string;
  incident_id: string;
  incident_number: number;
  kind: DecisionKind;
  state: DecisionState;
  content: DecisionContent;
  reasons: { code: string; sentence: string }[];
  proposer_id: string;
  proposer_name: string;
  proposer_role: Role;
  proposed_at: Date;
  expires_at: Date;
  settled_at: Date | null;
  statement: string;
  statement_sha256: Uint8Array;
  assignee_id: string | null;
  break_glass: boolean;
  second_review: SecondReviewView | null;
  needs: RequirementWords | null;
  entry: DecisionView["entry"];
};

const DECISIONS_MAX = 200;

/** The incident's decisions, newest first. */
export function listDecisions(db: Db, incidentId: string): Promise<DecisionView[]> {
  const id = Prisma.sql`${incidentId}::uuid`;
  return readDecisions(
    db,
    Prisma.sql`(d.incident_id = ${id} OR d.id IN (SELECT m.decision_id FROM decision_incident m WHERE m.incident_id = ${id}))`,
  );
}

export async function findDecision(db: Db, decisionId: string): Promise<DecisionView | null> {
  return (await readDecisions(db, Prisma.sql`d.id = ${decisionId}::uuid`))[0] ?? null;
}

/** Proposals this person may sign now: open, not their own, and within their role. */
export function waitingForMe(db: Db, person: { id: string; role: Role }): Promise<DecisionView[]> {
  const roles =
    person.role === "lead" ? ["analyst", "lead"] : person.role === "analyst" ? ["analyst"] : [];
  return readDecisions(
    db,
    Prisma.sql`
    d.state = 'proposed' AND d.expires_at > now()
    AND (NOT r.distinct_from_proposer OR d.proposer_id <> ${person.id}::uuid)
    AND r.min_role = ANY(${roles}::text[])
    AND (NOT r.distinct_from_assignee OR d.assignee_id IS DISTINCT FROM ${person.id}::uuid)
    AND NOT EXISTS (SELECT FROM sign_off o WHERE o.decision_id = d.id AND o.person_id = ${person.id}::uuid)`,
  );
}

/** Shaped in SQL, times as ISO 8601 UTC. */
const SECOND_REVIEW = Prisma.sql`
  (SELECT json_build_object('dueAt', to_char(v.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'given', CASE WHEN v.at IS NOT NULL THEN json_build_object('outcome', v.outcome, 'words', v.words,
       'at', to_char(v.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'person', person_view(q),
       'assurance', v.assurance) END)
   FROM second_review v LEFT JOIN person q ON q.id = v.reviewer_id WHERE v.decision_id = d.id)`;

/** What the trail says of how it stands. Entries are found by kind and time: their payloads are for nobody here to open. */
const ENTRY = Prisma.sql`
  (SELECT json_build_object('seq', e.seq,
     'checkpoint', (SELECT min(c.size) FROM trail.checkpoint c WHERE c.size > e.seq))
   FROM trail.entry e
   WHERE e.incident_id = d.incident_id AND e.at >= coalesce(d.settled_at, d.proposed_at)
     AND e.kind = CASE d.state WHEN 'in_effect' THEN 'decision.took_effect' WHEN 'stale' THEN 'decision.went_stale'
       ELSE 'decision.' || d.state END
   ORDER BY e.seq LIMIT 1)`;

async function readDecisions(db: Db, condition: Prisma.Sql): Promise<DecisionView[]> {
  const rows = await db.$queryRaw<DecisionRow[]>`
    SELECT d.id, d.incident_id, i.number AS incident_number, d.kind, d.state, d.content, d.reasons,
           p.id AS proposer_id, p.name AS proposer_name, p.role AS proposer_role, d.proposed_at, d.expires_at,
           d.settled_at, d.statement, d.statement_sha256, d.assignee_id, d.break_glass, ${SECOND_REVIEW} AS second_review,
           gate.rule_words(r) AS needs, ${ENTRY} AS entry
    FROM decision d JOIN incident i ON i.id = d.incident_id JOIN person p ON p.id = d.proposer_id
    LEFT JOIN LATERAL gate.rule_of(d) AS r ON true
    WHERE ${condition} ORDER BY d.proposed_at DESC, d.id DESC LIMIT ${DECISIONS_MAX}::int`;
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [signOffs, responses] = await Promise.all([
    decisionSignOffs(db, ids),
    readResponses(db, ids),
  ]);
  return rows.map((row) =>
    asDecision(
      row,
      signOffs
        .filter((signOff) => signOff.decisionId === row.id)
        .map(({ decisionId: _, ...view }) => view),
      responses
        .filter((response) => response.decisionId === row.id)
        .map(({ decisionId: _, ...view }) => view),
    ),
  );
}

function asDecision(
  row: DecisionRow,
  signOffs: SignOffView[],
  responses: DecisionView["responses"],
): DecisionView {
  return {
    id: row.id,
    incidentId: row.incident_id,
    incidentNumber: incidentNumber(row.incident_number),
    kind: row.kind,
    state: row.state,
    content: row.content,
    reasons: row.reasons,
    proposer: { id: row.proposer_id, name: row.proposer_name, role: row.proposer_role },
    proposedAt: iso(row.proposed_at),
    expiresAt: iso(row.expires_at),
    settledAt: iso(row.settled_at),
    statement: row.statement,
    statementSha256: hex(row.statement_sha256),
    assigneeId: row.assignee_id,
    breakGlass: row.break_glass,
    entry: row.entry,
    secondReview: row.second_review,
    needs: row.needs ? requirementFrom(row.kind, row.needs) : null,
    signOffs,
    responses,
  };
}

async function readResponses(
  db: Db,
  decisionIds: string[],
): Promise<(DecisionView["responses"][number] & { decisionId: string })[]> {
  const rows = await db.responseRun.findMany({
    where: { decisionId: { in: decisionIds } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const work = await responseWork(
    db,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ at, decisionId, automaticActId: _, ...row }) =>
    decisionId === null
      ? []
      : [{ ...row, decisionId, at: iso(at), work: work.get(row.id) ?? null }],
  );
}
