import type {
  PolicyPageView,
  PolicyRules,
  PolicyState,
  PolicyVersionPageView,
  PolicyVersionView,
} from "#lib/contracts/policy-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import { hex, iso } from "./shape.ts";

const VERSIONS = 20;
/** As many as may be chosen to compare with. */
const COMPARABLE = 50;

/** The policy in force, what waits, and a page of the versions, newest first. */
export async function policyPage(db: Db, before: number | null): Promise<PolicyPageView> {
  const [inForce, open, found] = await Promise.all([
    policyRulesInForce(db),
    readVersions(db, Prisma.sql`gate.policy_state(p) IN ('waiting', 'scheduled')`, VERSIONS),
    readVersions(
      db,
      before === null ? Prisma.sql`true` : Prisma.sql`p.version < ${before}::int`,
      VERSIONS + 1,
    ),
  ]);
  const history = found.slice(0, VERSIONS).map(viewOf);
  const next = found.length > VERSIONS ? (history.at(-1)?.version ?? null) : null;
  return { inForce, open: open.map(viewOf), history, before: next };
}

/** The rules of the version in force; null when there is none. */
export async function policyRulesInForce(db: Db): Promise<PolicyRules | null> {
  const rows = await db.$queryRaw<{ version: number | null; rules: RuleWords[] }[]>`
    SELECT v.version, gate.policy_rules(v.version) AS rules FROM (SELECT gate.policy_version() AS version) AS v`;
  const { version, rules } = rows[0]!;
  return version === null ? null : { version, rules };
}

/** One version, compared with the one it changed unless another is asked for; null when there is none of this number. */
export async function policyVersionPage(
  db: Db,
  version: number,
  asked: number | null,
): Promise<PolicyVersionPageView | null> {
  const rows = await readVersions(db, Prisma.sql`p.version = ${version}::int`, 1);
  const row = rows[0];
  if (!row) return null;
  const other = asked ?? row.base_version;
  const [rules, versions] = await Promise.all([
    db.$queryRaw<{ own: RuleWords[]; other: RuleWords[] | null }[]>`
      SELECT gate.policy_rules(${version}::int) AS own,
             (SELECT gate.policy_rules(p.version) FROM policy_version p WHERE p.version = ${other}::int) AS other`,
    db.policyVersion.findMany({
      orderBy: { version: "desc" },
      take: COMPARABLE,
      select: { version: true },
    }),
  ]);
  const { own, other: compared } = rules[0]!;
  return {
    ...viewOf(row),
    rules: own,
    statement: row.statement,
    statementSha256: row.statement_sha256 && hex(row.statement_sha256),
    against: other !== null && compared ? { version: other, rules: compared } : null,
    versions: versions.map((one) => one.version),
  };
}

type Row = {
  version: number;
  base_version: number | null;
  state: PolicyState;
  statement: string | null;
  statement_sha256: Uint8Array | null;
  reason: string;
  weakens: boolean;
  delay_minutes: number;
  proposed_by: PersonView | null;
  proposed_at: Date;
  effective_at: Date | null;
  ended_at: Date | null;
  ended_by: PersonView | null;
  end_reason: string | null;
  signatures: { person: PersonView; at: string }[];
};

function readVersions(db: Db, condition: Prisma.Sql, limit: number): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT p.version, p.base_version, gate.policy_state(p) AS state, p.statement, p.statement_sha256, p.reason, p.weakens,
           p.delay_minutes, p.proposed_at, p.effective_at, p.ended_at, p.end_reason,
           CASE WHEN a.id IS NOT NULL THEN jsonb_build_object('id', a.id, 'name', a.name, 'role', a.role) END AS proposed_by,
           CASE WHEN e.id IS NOT NULL THEN jsonb_build_object('id', e.id, 'name', e.name, 'role', e.role) END AS ended_by,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('at', to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
              'person', jsonb_build_object('id', m.id, 'name', m.name, 'role', m.role)) ORDER BY s.at), '[]')
            FROM policy_signature s JOIN person m ON m.id = s.person_id WHERE s.version = p.version) AS signatures
    FROM policy_version p LEFT JOIN person a ON a.id = p.proposed_by LEFT JOIN person e ON e.id = p.ended_by
    WHERE ${condition} ORDER BY p.version DESC LIMIT ${limit}::int`;
}

function viewOf(row: Row): PolicyVersionView {
  return {
    version: row.version,
    base: row.base_version,
    state: row.state,
    reason: row.reason,
    weakens: row.weakens,
    delayMinutes: row.delay_minutes,
    proposedBy: row.proposed_by,
    proposedAt: iso(row.proposed_at),
    effectiveAt: iso(row.effective_at),
    signatures: row.signatures,
    ended: row.ended_at && {
      at: iso(row.ended_at),
      by: row.ended_by,
      reason: row.end_reason,
    },
  };
}
