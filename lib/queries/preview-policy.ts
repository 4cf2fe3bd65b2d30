import { createHash } from "node:crypto";
import type { PolicyChangeInput } from "#lib/contracts/policy-inputs.ts";
import type { ChangedDecision, PolicyPreview } from "#lib/contracts/policy-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import { requirementFrom, requirementOf } from "#lib/domain/decision/policy.ts";
import type { BlastRadius, PolicyRule, RequirementWords } from "#lib/domain/decision/policy.ts";
import { directionOf } from "#lib/domain/decision/policy-change.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { Problem } from "#lib/domain/problem.ts";

const DECISIONS_MAX = 500;

/**
 * What a change of the policy would do: the statement as the database will make it again, and the open decisions that
 * would need something else. Two statements. Throws Problem `stale` 409 when another policy is in force than the base.
 */
export async function previewPolicy(db: Db, input: PolicyChangeInput): Promise<PolicyPreview> {
  const [rows, decisions] = await Promise.all([
    db.$queryRaw<{ statement: string; in_force: number | null }[]>`
      SELECT gate.policy_version() AS in_force, gate.policy_statement(${input.base}::int, ${JSON.stringify(input.rules)}::jsonb,
        ${input.reason}, ${input.delayMinutes}::int) AS statement`,
    openDecisions(db),
  ]);
  const { statement, in_force: inForce } = rows[0]!;
  if (inForce !== input.base) {
    throw new Problem(
      "stale",
      409,
      "Another policy came in force meanwhile. Begin again from what is in force now.",
    );
  }
  const said = JSON.parse(statement) as {
    version: number;
    weakens: boolean;
    delayMinutes: number;
    rules: Omit<PolicyRule, "policyVersion">[];
  };
  const rules = said.rules.map((rule) => ({ ...rule, policyVersion: said.version }));
  return {
    version: said.version,
    base: input.base,
    weakens: said.weakens,
    delayMinutes: said.delayMinutes,
    statement,
    statementSha256: createHash("sha256").update(statement).digest("hex"),
    decisions: {
      open: Number(decisions[0]?.open ?? 0),
      looked: decisions.length,
      changed: decisions.flatMap((decision) => changed(decision, rules)),
    },
  };
}

type OpenDecision = {
  id: string;
  number: number;
  kind: DecisionKind;
  policy_version: number;
  severity: Severity;
  incident_types: string[];
  blast_radius: BlastRadius;
  needs: RequirementWords | null;
  open: bigint;
};

function openDecisions(db: Db): Promise<OpenDecision[]> {
  return db.$queryRaw<OpenDecision[]>`
    SELECT d.id, i.number, d.kind, d.policy_version, d.severity, d.incident_types, d.blast_radius,
           gate.rule_words(gate.rule_of(d)) AS needs, count(*) OVER () AS open
    FROM decision d JOIN incident i ON i.id = d.incident_id
    WHERE d.state = 'proposed' AND d.expires_at > now()
    ORDER BY d.proposed_at DESC, d.id DESC LIMIT ${DECISIONS_MAX}::int`;
}

function changed(decision: OpenDecision, rules: readonly PolicyRule[]): ChangedDecision[] {
  const { kind, severity, needs } = decision;
  const before = needs && requirementFrom(kind, needs);
  const after = requirementOf(rules, {
    kind,
    severity,
    types: decision.incident_types,
    blastRadius: decision.blast_radius,
  });
  if (directionOf(before, after) === null) return [];
  return [
    {
      id: decision.id,
      incidentNumber: incidentNumber(decision.number),
      kind,
      policyVersion: decision.policy_version,
      before,
      after,
    },
  ];
}
