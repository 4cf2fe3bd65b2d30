import type { AutomationVersionView } from "#lib/contracts/automation-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { automationInForce, rulesOf } from "./automation-rules.ts";
import { hex, iso } from "./shape.ts";

const DRAFTS_MAX = 5;

/** The version in force, and those that can still be signed: they follow it and are a day old at most. */
export async function automationVersions(
  db: Db,
): Promise<{ inForce: AutomationVersionView | null; drafts: AutomationVersionView[] }> {
  const { version: current } = await automationInForce(db);
  const open = await db.$queryRaw<{ version: number }[]>`
    SELECT version FROM automation_version
    WHERE previous = ${current}::int AND version > ${current}::int AND at > now() - interval '1 day'
    ORDER BY version DESC LIMIT ${DRAFTS_MAX}::int`;
  const views = await readVersions(db, [current, ...open.map(({ version }) => version)]);
  return {
    inForce: views.find(({ version }) => version === current) ?? null,
    drafts: views.filter(({ version }) => version > current),
  };
}

async function readVersions(db: Db, versions: number[]): Promise<AutomationVersionView[]> {
  const person = { select: { id: true, name: true, role: true } } as const;
  const [rows, rules] = await Promise.all([
    db.automationVersion.findMany({
      where: { version: { in: versions } },
      include: { person, signatures: { include: { person }, orderBy: { at: "asc" } } },
      orderBy: { version: "desc" },
    }),
    rulesOf(db, versions),
  ]);
  return rows.map((row) => {
    const ofRow = rules.get(row.version) ?? [];
    return {
      version: row.version,
      rules: ofRow,
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
      needed: ofRow.some(({ action }) => action === "isolate_host") ? 2 : 1,
    };
  });
}
