/** Any policy and any situation, for properties; and changes of the policy by plain SQL, as the web login may. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { DECISION_KINDS } from "#lib/domain/decision/decision.ts";
import { BLAST_RADII, INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import type { IncidentType } from "#lib/domain/decision/policy.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { proofOf } from "./testing-gate.ts";
import type { Sql } from "./testing-gate.ts";
import type { TestPerson } from "./testing-people.ts";

function someOf<T>(all: readonly T[]): fc.Arbitrary<T[] | null> {
  return fc.option(fc.subarray([...all], { minLength: 1 }), { nil: null });
}

const role = fc.constantFrom("analyst" as const, "lead" as const);

/** Rules as a statement says them, numbered within their kind; few values, so that two policies often nearly agree. */
export function anyPolicy(
  types: readonly IncidentType[] = INCIDENT_TYPES,
  maxLength = 8,
): fc.Arbitrary<RuleWords[]> {
  const one: fc.Arbitrary<Omit<RuleWords, "number">> = fc.record({
    kind: fc.constantFrom(...DECISION_KINDS.slice(0, 2)),
    severities: someOf(SEVERITIES),
    incidentTypes: someOf(types),
    blastRadii: someOf(BLAST_RADII),
    minProposerRole: role,
    signOffs: fc.integer({ min: 1, max: 3 }),
    leadSignOffs: fc.integer({ min: 0, max: 1 }),
    minRole: role,
    distinctFromProposer: fc.boolean(),
    distinctFromAssignee: fc.boolean(),
    assurance: fc.constantFrom("password" as const, "passkey" as const),
    proposalMinutes: fc.constantFrom(60, 480),
    signOffMinutes: fc.constantFrom(5, 15),
    claimsSettled: fc.boolean(),
    summaryComplete: fc.boolean(),
    evidenceOpened: fc.boolean(),
  });
  return fc.array(one, { maxLength }).map(numbered);
}

/** A policy and one that came of it by leaving rules out, adding some, and changing one value of one. */
export function anyChange(
  types: readonly IncidentType[] = INCIDENT_TYPES,
): fc.Arbitrary<{ before: RuleWords[]; after: RuleWords[] }> {
  return fc
    .tuple(anyPolicy(types, 4), fc.infiniteStream(fc.boolean()), anyPolicy(types, 1), fc.nat(3))
    .map(([before, keeps, added, which]) => {
      const kept = before.filter(() => keeps.next().value === true);
      const changed = kept.map((rule, index) =>
        index === which ? { ...rule, signOffs: rule.signOffs + 1 } : rule,
      );
      return { before, after: numbered([...changed, ...added]) };
    });
}

export function numbered(rules: readonly Omit<RuleWords, "number">[]): RuleWords[] {
  const counts = new Map<string, number>();
  return rules
    .map((rule) => {
      const number = (counts.get(rule.kind) ?? 0) + 1;
      counts.set(rule.kind, number);
      return { ...rule, number };
    })
    .toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.number - b.number));
}

export async function rulesInForce(sql: Sql): Promise<RuleWords[]> {
  const { rows } = await sql.query("select gate.policy_rules(gate.policy_version()) as rules");
  return rows[0].rules;
}

export type PolicyProposal = {
  person: TestPerson;
  rules: RuleWords[];
  reason?: string;
  delayMinutes?: number;
  /** Default: the version in force. */
  base?: number | null;
  /** What the person signs; default: what the database shows. */
  statement?: string;
  proof?: (sql: Sql, sha256: Buffer) => Promise<Uint8Array>;
};

export type PolicyAnswer = {
  version: number;
  state: string;
  signatures: number;
  needed: number;
  effectiveAt: string | null;
};

export async function policyStatement(sql: Sql, input: PolicyProposal): Promise<string> {
  const { rows } = await sql.query(
    "select gate.policy_statement(coalesce($1, gate.policy_version()), $2::jsonb, $3, $4) as text",
    [
      input.base ?? null,
      JSON.stringify(input.rules),
      input.reason ?? "Because.",
      input.delayMinutes ?? 1440,
    ],
  );
  return rows[0].text;
}

export async function proposePolicy(sql: Sql, input: PolicyProposal): Promise<PolicyAnswer> {
  const statement = input.statement ?? (await policyStatement(sql, input));
  const sha256 = createHash("sha256").update(statement).digest();
  const proof = await (input.proof?.(sql, sha256) ?? proofOf(sql, input.person, sha256));
  const { rows } = await sql.query(
    "select gate.propose_policy($1, coalesce($2, gate.policy_version()), $3::jsonb, $4, $5, $6, $7) as answer",
    [
      input.person.id,
      input.base ?? null,
      JSON.stringify(input.rules),
      input.reason ?? "Because.",
      input.delayMinutes ?? 1440,
      sha256,
      proof,
    ],
  );
  return rows[0].answer;
}

export type PolicySigning = {
  version: number;
  person: TestPerson;
  /** Default: the version's own. */
  sha256?: Buffer;
  proof?: (sql: Sql, sha256: Buffer) => Promise<Uint8Array>;
};

export async function signPolicy(sql: Sql, input: PolicySigning): Promise<PolicyAnswer> {
  const { version, person } = input;
  const { rows: found } = await sql.query(
    "select statement_sha256 from policy_version where version = $1",
    [version],
  );
  const sha256: Buffer = input.sha256 ?? found[0]?.statement_sha256 ?? Buffer.alloc(32);
  const proof = await (input.proof?.(sql, sha256) ?? proofOf(sql, person, sha256));
  const { rows } = await sql.query("select gate.sign_policy($1, $2, $3, $4) as answer", [
    person.id,
    version,
    sha256,
    proof,
  ]);
  return rows[0].answer;
}

export function endPolicy(sql: Sql, version: number, person: TestPerson): Promise<unknown> {
  return sql.query("select gate.end_policy($1, $2, 'Not so.')", [person.id, version]);
}
