import { actAutomatically, keepRefusal } from "#lib/commands/act-automatically.ts";
import { stopDoubtful } from "#lib/commands/stop-doubtful.ts";
import type { Db } from "#lib/db/prisma.ts";
import { AUTOMATIC_ACTIONS, judgeAutomation } from "#lib/domain/decision/automation.ts";
import { automationCandidates } from "#lib/queries/automation-candidates.ts";
import { automationInForce } from "#lib/queries/automation-rules.ts";

export type Automated = { acted: number; refused: number; stopped: boolean };

/**
 * What may run by itself for an incident, after its summary by rules was written. The rules are asked here first, so
 * that the gate is troubled with what they allow; it judges again, alone, and keeps what it refuses. May be repeated and
 * may run twice at once: the gate lets a thing run once.
 */
export async function automate(db: Db, incidentId: string): Promise<Automated> {
  const stopped = (await stopDoubtful(db, incidentId)) !== null;
  const inForce = await automationInForce(db);
  const actions = AUTOMATIC_ACTIONS.filter((action) =>
    inForce.rules.some((rule) => rule.action === action),
  );
  const done: Automated = { acted: 0, refused: 0, stopped };
  for (const facts of await automationCandidates(db, incidentId, actions)) {
    const action = actions.find((each) => each === facts.action);
    if (!action || facts.done) continue;
    const input = { incidentId, action, target: facts.target };
    const { reasons } = judgeAutomation(facts, inForce);
    // a doubt that a person has lifted is the gate's to know
    if (reasons.every(({ code }) => code === "G33") && facts.stops.length === 0) {
      const result = await actAutomatically(db, input);
      done[result.acted ? "acted" : "refused"] += 1;
    } else {
      await keepRefusal(db, input);
      done.refused += 1;
    }
  }
  return done;
}
