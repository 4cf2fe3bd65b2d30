import type { Db } from "#lib/db/prisma.ts";
import type { AutomaticAction, AutomationFacts } from "#lib/domain/decision/automation.ts";

/** The facts of every system that the incident's alerts name (at most twenty), for each of these actions. */
export async function automationCandidates(
  db: Db,
  incidentId: string,
  actions: readonly AutomaticAction[],
): Promise<AutomationFacts[]> {
  if (actions.length === 0) return [];
  const rows = await db.$queryRaw<{ facts: AutomationFacts }[]>`
    SELECT gate.judge_automation(${incidentId}::uuid, action, target) -> 'values' AS facts
    FROM gate.automation_targets(${incidentId}::uuid) WITH ORDINALITY AS t (target, place),
      unnest(${[...actions]}::text[]) WITH ORDINALITY AS a (action, number)
    ORDER BY a.number, t.place`;
  return rows.map(({ facts }) => facts);
}
