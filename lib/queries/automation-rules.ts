import type { Db } from "#lib/db/prisma.ts";
import type { AutomaticAction, AutomationRule } from "#lib/domain/decision/automation.ts";
import type { IncidentType } from "#lib/domain/decision/policy.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

export type AutomationInForce = {
  version: number;
  doubtPercent: number;
  rules: AutomationRule[];
};

/** The rules in force. */
export async function automationInForce(db: Db): Promise<AutomationInForce> {
  const rows = await db.$queryRaw<{ version: number; doubt_percent: number }[]>`
    SELECT version, doubt_percent FROM automation_in_force`;
  const row = rows[0];
  // no rules: nothing runs by itself
  if (!row) return { version: 0, doubtPercent: 0, rules: [] };
  const rules = (await rulesOf(db, [row.version])).get(row.version) ?? [];
  return { version: row.version, doubtPercent: row.doubt_percent, rules };
}

/** The rules of each version, in their order. */
export async function rulesOf(
  db: Db,
  versions: number[],
): Promise<ReadonlyMap<number, AutomationRule[]>> {
  const rows = await db.automationRule.findMany({
    where: { version: { in: versions } },
    orderBy: [{ version: "desc" }, { number: "asc" }],
  });
  const found = new Map<number, AutomationRule[]>();
  for (const { version, blastRadius: _, action, severities, incidentTypes, ...rest } of rows) {
    const list = found.get(version) ?? [];
    list.push({
      ...rest,
      action: action as AutomaticAction,
      severities: orNull(severities as Severity[]),
      incidentTypes: orNull(incidentTypes as IncidentType[]),
    });
    found.set(version, list);
  }
  return found;
}

/** The client reads an array that is null as an empty one, which no rule can hold. */
function orNull<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}
