import type { IncidentHead, IncidentPageView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { notFound } from "#lib/domain/problem.ts";
import { incidentAutomation } from "./automation-log.ts";
import { gateFacts, policyInForce } from "./gate-facts.ts";
import { incidentActivity } from "./incident-activity.ts";
import { listDecisions } from "./list-decisions.ts";
import { listPins } from "./list-pins.ts";
import { listSplits } from "./list-splits.ts";
import { listSummaries } from "./list-summaries.ts";
import { holdsOver } from "./retention-page.ts";

/** Everything of an incident's screen but its thread. Throws Problem 404 when it is gone. */
export async function readIncidentPage(db: Db, head: IncidentHead): Promise<IncidentPageView> {
  const [facts, policy, summaries, decisions, activity, automation, holds, pins, splits] =
    await Promise.all([
      gateFacts(db, head.id),
      policyInForce(db),
      listSummaries(db, head.id),
      listDecisions(db, head.id),
      incidentActivity(db, head),
      incidentAutomation(db, head.id),
      holdsOver(db, head.id),
      listPins(db, head.id),
      listSplits(db, head.id),
    ]);
  if (!facts) throw notFound("incident");
  return { head, facts, policy, summaries, decisions, activity, automation, holds, pins, splits };
}
