import type { AutomationVersionView } from "#lib/contracts/automation-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { automationInForce, rulesOf } from "./automation-rules.ts";
import { hex, iso } from "./shape.ts";

const DRAFTS_MAX = 5;

/** The version in force, and those that follow it: a day old at most and to be signed, or signed and waiting. */
export async function automationVersions(
  db: Db,
): Promise<{ inForce: AutomationVersionView | null; drafts: AutomationVersionView[] }> {
  const { version: current } = await automationInForce(db);
  const open = await db.$queryRaw<{ version: number }[]>`
    SELECT version FROM automation_version
    WHERE previous = ${current}::int AND version > ${current}::int
      AND CASE gate.automation_state(version) WHEN 'proposed' THEN at > now() - interval '1 day' ELSE gate.automation_state(version) = 'scheduled' END
    ORDER BY version DESC LIMIT ${DRAFTS_MAX}::int`;
  const views = await readVersions(db, [current, ...open.map(({ version }) => version)]);
  return {
    inForce: views.find(({ version }) => version === current) ?? null,
    drafts: views.filter(({ version }) => version > current),
  };
}

type State = {
  version: number;
  is_as_signed: boolean;
  effective_at: Date | null;
  needed: number;
  weakens: boolean | null;
};

async function readVersions(db: Db, versions: number[]): Promise<AutomationVersionView[]> {
  const person = { select: { id: true, name: true, role: true } } as const;
  const [rows, rules, states] = await Promise.all([
    db.automationVersion.findMany({
      where: { version: { in: versions } },
      include: { person, signatures: { include: { person }, orderBy: { at: "asc" } } },
      orderBy: { version: "desc" },
    }),
    rulesOf(db, versions),
    db.$queryRaw<State[]>`
      SELECT version, gate.automation_as_signed(version) AS is_as_signed, gate.automation_effective_at(version) AS effective_at,
        gate.automation_signatures_needed(statement) AS needed, (statement::jsonb ->> 'weakens')::boolean AS weakens
      FROM automation_version WHERE version = ANY(${versions}::int[])`,
  ]);
  const stateOf = new Map(states.map((state) => [state.version, state]));
  return rows.map((row) => {
    const state = stateOf.get(row.version);
    return {
      version: row.version,
      rules: rules.get(row.version) ?? [],
      doubtPercent: row.doubtPercent,
      reason: row.reason,
      by: row.person && { name: row.person.name, role: row.person.role as Role },
      at: iso(row.at),
      statement: row.statement,
      statementSha256: hex(row.statementSha256),
      signers: row.signatures.map(({ person: signer, at }) => ({
        id: signer.id,
        name: signer.name,
        role: signer.role as Role,
        at: iso(at),
      })),
      needed: state?.needed ?? 2,
      weakens: state?.weakens ?? null,
      effectiveAt: state?.effective_at ? iso(state.effective_at) : null,
      isAsSigned: state?.is_as_signed ?? false,
    };
  });
}
