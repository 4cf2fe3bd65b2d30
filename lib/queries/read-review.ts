import type { Db } from "#lib/db/prisma.ts";
import type { ReviewView } from "#lib/contracts/review-views.ts";
import { listCitedRecords } from "./cited-records.ts";
import { decisionChanges } from "./decision-changes.ts";
import { findIncident } from "./find-incident.ts";
import { gateFacts } from "./gate-facts.ts";
import { findDecision } from "./list-decisions.ts";
import { findTake } from "./list-inbox.ts";
import { listPasskeys } from "./list-passkeys.ts";
import { listSummaries } from "./list-summaries.ts";
import { targetReach } from "./target-reach.ts";

/** Everything of the screen on which a decision is signed, for one reader; null when there is no such decision. */
export async function readReview(
  db: Db,
  decisionId: string,
  personId: string,
): Promise<ReviewView | null> {
  const decision = await findDecision(db, decisionId);
  if (!decision) return null;
  const { incidentId, content } = decision;
  const [head, facts, summaries, passkeys, take, records, targets] = await Promise.all([
    findIncident(db, incidentId),
    gateFacts(db, incidentId),
    listSummaries(db, incidentId),
    listPasskeys(db, personId),
    findTake(db, decisionId),
    listCitedRecords(db, { incidentId, decisionId, personId }),
    targetReach(db, incidentId, content),
  ]);
  if (!head || !facts) return null;
  return {
    head,
    decision,
    facts,
    summaries,
    passkeys: passkeys.filter(({ revokedAt }) => revokedAt === null),
    take,
    records,
    changes: await decisionChanges(db, decision, facts),
    targets,
  };
}
