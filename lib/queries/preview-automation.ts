import type { AutomationPreview } from "#lib/contracts/automation-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import {
  AUTOMATIC_ACTIONS,
  previewOf,
  type AutomationFacts,
  type AutomationRuleInput,
} from "#lib/domain/decision/automation.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";

const INCIDENTS_MAX = 200;
const EXAMPLES_MAX = 20;

type Proposed = { rules: AutomationRuleInput[]; doubtPercent: number };

/**
 * What these rules would have let run over the incidents that were opened within the last seven days (the newest two
 * hundred), over their evidence as it stands now; what was stopped, closed or done meanwhile is looked at as new.
 */
export async function previewAutomation(
  db: Db,
  { rules, doubtPercent }: Proposed,
  { mayReadIncidents }: { mayReadIncidents: boolean },
): Promise<AutomationPreview> {
  const inForce = { doubtPercent, rules: rules.map((rule, at) => ({ ...rule, number: at + 1 })) };
  const actions = AUTOMATIC_ACTIONS.filter((action) =>
    rules.some((rule) => rule.action === action),
  );
  const incidents = await db.$queryRaw<{ id: string; opened_at: Date }[]>`
    SELECT id, opened_at FROM incident WHERE opened_at > now() - interval '7 days' AND merged_into_id IS NULL
    ORDER BY opened_at DESC, id DESC LIMIT ${INCIDENTS_MAX + 1}::int`;
  const looked = incidents.slice(0, INCIDENTS_MAX);
  const rows = await db.$queryRaw<{ facts: AutomationFacts; opened_at: Date }[]>`
    SELECT gate.judge_automation(i.id, action, target) -> 'values' AS facts, i.opened_at
    FROM incident i, gate.automation_targets(i.id) AS target, unnest(${actions}::text[]) AS action
    WHERE i.id = ANY(${looked.map(({ id }) => id)}::uuid[])
    ORDER BY i.opened_at, i.id, action, target`;
  const ran = previewOf(
    rows.map(({ facts, opened_at: at }) => ({ facts, at: at.getTime() })),
    inForce,
  );
  return {
    incidents: looked.length,
    capped: incidents.length > INCIDENTS_MAX,
    actions: actions.map((action) => {
      const of = ran.filter(({ facts }) => facts.action === action);
      const incidentCount = new Set(of.map(({ facts }) => facts.incident)).size;
      return { action, count: of.length, incidents: incidentCount };
    }),
    examples: ran
      .toReversed()
      .slice(0, EXAMPLES_MAX)
      .map(({ facts, ruling }) => ({
        number: incidentNumber(facts.number),
        action: facts.action,
        target: mayReadIncidents ? facts.target : null,
        confidence: ruling.confidence,
        rule: ruling.rule?.number ?? 0,
      })),
  };
}
