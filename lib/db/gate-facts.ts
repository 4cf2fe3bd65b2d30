import type { Db, Tx } from "./prisma.ts";
import type { DecisionKind, IncidentFacts } from "#lib/domain/decision/decision.ts";
import type { PolicyRule } from "#lib/domain/decision/policy.ts";
import type { IncidentStatus, Verdict } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

type FactsRow = {
  id: string;
  number: number;
  status: IncidentStatus;
  severity: Severity;
  verdict: Verdict | null;
  version: bigint;
  evidence_count: number;
  evidence_root: Uint8Array;
  claims_hash: Uint8Array;
  merged: boolean;
  escalated: boolean;
  contained: boolean;
  has_summary: boolean;
  summary_complete: boolean;
  types: string[];
  open_kinds: DecisionKind[];
  unsettled: IncidentFacts["unsettledClaims"] | null;
};

/** The facts a ruling rests on, as they stand now; null when there is no such incident. One statement. */
export async function gateFacts(db: Db | Tx, incidentId: string): Promise<IncidentFacts | null> {
  return (await gateFactsOf(db, [incidentId]))[0] ?? null;
}

/** The same of several incidents, in the order of their numbers; those that are not there are left out. One statement. */
export async function gateFactsOf(
  db: Db | Tx,
  incidentIds: readonly string[],
): Promise<IncidentFacts[]> {
  const rows = await db.$queryRaw<FactsRow[]>`
    WITH theirs AS MATERIALIZED (
      SELECT d.id FROM decision d WHERE d.incident_id = ANY(${incidentIds}::uuid[]) AND d.state = 'proposed'
      UNION SELECT d.id FROM decision_incident m JOIN decision d ON d.id = m.decision_id AND d.state = 'proposed'
        WHERE m.incident_id = ANY(${incidentIds}::uuid[])),
    open AS MATERIALIZED (
      SELECT d.id, d.kind, d.incident_id FROM theirs t JOIN decision d ON d.id = t.id WHERE gate.void_as(d) IS NULL)
    SELECT i.id, i.number, i.status, i.severity, i.verdict, i.version, i.evidence_count, i.evidence_root, i.claims_hash,
           i.merged_into_id IS NOT NULL AS merged, i.escalated_by IS NOT NULL AS escalated,
           i.contained_by IS NOT NULL AS contained,
           EXISTS (SELECT FROM summary s WHERE s.incident_id = i.id) AS has_summary,
           coalesce((SELECT s.state = 'complete' FROM summary s WHERE s.incident_id = i.id
                     ORDER BY s.version DESC LIMIT 1), false) AS summary_complete,
           gate.incident_types(i.id) AS types,
           ARRAY(SELECT DISTINCT o.kind FROM open o
                 WHERE o.incident_id = i.id OR EXISTS (SELECT FROM decision_incident m
                   WHERE m.decision_id = o.id AND m.incident_id = i.id) ORDER BY 1) AS open_kinds,
           (SELECT jsonb_agg(jsonb_build_object('id', c.id, 'text', c.text, 'standing', c.standing) ORDER BY c.ordinal)
            FROM claim_in_force c
            LEFT JOIN LATERAL (SELECT v.outcome FROM claim_review v WHERE v.claim_id = c.id
                               ORDER BY v.at DESC, v.id DESC LIMIT 1) v ON true
            WHERE c.summary_id = (SELECT s.id FROM summary s WHERE s.incident_id = i.id AND s.origin = 'model'
                                  ORDER BY s.version DESC LIMIT 1)
              AND c.standing IN ('unsupported', 'contradicted')
              AND coalesce(v.outcome, '') NOT IN ('disputed', 'corrected')) AS unsettled
    FROM incident i WHERE i.id = ANY(${incidentIds}::uuid[]) ORDER BY i.number`;
  return rows.map(asFacts);
}

function asFacts(row: FactsRow): IncidentFacts {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    severity: row.severity,
    verdict: row.verdict,
    version: Number(row.version),
    evidenceCount: row.evidence_count,
    evidenceRoot: hex(row.evidence_root),
    claimsHash: hex(row.claims_hash),
    merged: row.merged,
    escalated: row.escalated,
    contained: row.contained,
    unsettledClaims: row.unsettled ?? [],
    hasSummary: row.has_summary,
    summaryComplete: row.summary_complete,
    types: row.types,
    openDecisionKinds: row.open_kinds,
  };
}

/** The rules of the policy in force. */
export function policyInForce(db: Db | Tx): Promise<PolicyRule[]> {
  return db.$queryRaw<PolicyRule[]>`
    SELECT policy_version AS "policyVersion", kind, number, severities, incident_types AS "incidentTypes",
           blast_radii AS "blastRadii", min_proposer_role AS "minProposerRole", sign_offs AS "signOffs",
           lead_sign_offs AS "leadSignOffs", min_role AS "minRole", distinct_from_proposer AS "distinctFromProposer",
           distinct_from_assignee AS "distinctFromAssignee", assurance, proposal_minutes AS "proposalMinutes",
           sign_off_minutes AS "signOffMinutes", claims_settled AS "claimsSettled",
           summary_complete AS "summaryComplete", evidence_opened AS "evidenceOpened"
    FROM policy_rule WHERE policy_version = gate.policy_version() ORDER BY kind, number`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
