import type { BulkMemberNow, BulkPreview, MatchingIncidents } from "#lib/contracts/bulk-views.ts";
import { requirementTogether } from "#lib/db/bulk-facts.ts";
import { gateFactsOf } from "#lib/db/gate-facts.ts";
import type { Db } from "#lib/db/prisma.ts";
import { BULK_INCIDENTS_MAX, ruleMember } from "#lib/domain/decision/bulk.ts";
import type { IncidentFacts, Signer } from "#lib/domain/decision/decision.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { listIncidents } from "./list-incidents.ts";
import type { QueueFilter } from "./list-incidents.ts";

const PAGE = 100;
const WORDS = "A reason that is long enough.";

/** The incidents that match a view of the queue, in its order, as many as one statement may close. */
export async function matchingIncidents(db: Db, filter: QueueFilter): Promise<MatchingIncidents> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listIncidents(db, filter, cursor, PAGE);
    ids.push(...page.incidents.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null && ids.length < BULK_INCIDENTS_MAX);
  return { ids: ids.slice(0, BULK_INCIDENTS_MAX), more: cursor !== null };
}

/** What closing these together would bring: each with its unsettled claims, and why it cannot be among them. */
export async function previewBulk(
  db: Db,
  incidentIds: readonly string[],
  proposer: Signer,
): Promise<BulkPreview> {
  const [members, { policy, notAlone }] = await Promise.all([
    readMembers(db, incidentIds),
    requirementTogether(db, incidentIds),
  ]);
  return {
    policy,
    members: members.map(({ facts, ...member }) => ({
      ...member,
      reasons: ruleMember(
        {
          content: STAND_IN,
          policy,
          notAlone,
          proposer,
          waived: facts.unsettledClaims.map(({ id }) => id),
        },
        facts,
      ),
    })),
  };
}

const STAND_IN = {
  kind: "closure",
  reason: WORDS,
  classification: "undetermined",
  classificationReason: "undetermined",
  determination: null,
} as const;

/** The incidents of a bulk closure in the order of its statement, each as it stands now; empty for any other decision. */
export async function bulkMembers(
  db: Db,
  decisionId: string,
  personId: string,
): Promise<BulkMemberNow[]> {
  const rows = await db.$queryRaw<{ id: string; changed: boolean; not_opened: number }[]>`
    WITH asked AS MATERIALIZED (
      SELECT d.id, d.state = 'proposed' AND coalesce((gate.rule_words(gate.rule_of(d)) ->> 'evidenceOpened')::boolean, false) AS opened
      FROM decision d WHERE d.id = ${decisionId}::uuid)
    SELECT i.id, (m.incident_version, m.evidence_root, m.claims_hash) IS DISTINCT FROM (i.version, i.evidence_root, i.claims_hash)
             AND i.closed_by IS DISTINCT FROM m.decision_id AS changed,
           CASE WHEN a.opened THEN (SELECT count(*)::int FROM gate.not_opened(i.id, ${personId}::uuid)) ELSE 0 END AS not_opened
    FROM decision_incident m JOIN incident i ON i.id = m.incident_id JOIN asked a ON a.id = m.decision_id
    WHERE m.decision_id = ${decisionId}::uuid ORDER BY m.position`;
  const ids = rows.map(({ id }) => id);
  const members = new Map((await readMembers(db, ids)).map((member) => [member.id, member]));
  return rows.flatMap(({ id, changed, not_opened: notOpened }) => {
    const member = members.get(id);
    if (!member) return [];
    const { facts, ...rest } = member;
    return [{ ...rest, status: facts.status, changed, notOpened }];
  });
}

async function readMembers(db: Db, incidentIds: readonly string[]) {
  if (incidentIds.length === 0) return [];
  const [all, titles] = await Promise.all([
    gateFactsOf(db, incidentIds),
    db.incident.findMany({
      where: { id: { in: [...incidentIds] } },
      select: { id: true, title: true },
    }),
  ]);
  const titleOf = new Map(titles.map(({ id, title }) => [id, title]));
  return all.map((facts: IncidentFacts) => ({
    facts,
    id: facts.id,
    number: incidentNumber(facts.number),
    title: titleOf.get(facts.id) ?? "",
    severity: facts.severity,
    unsettledClaims: facts.unsettledClaims,
  }));
}
