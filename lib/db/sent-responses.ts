import type { SentResponse } from "#lib/domain/decision/decision.ts";
import type { Db, Tx } from "./prisma.ts";

/**
 * What was sent from here for this incident and may be taken back: the gate asks the same of a proposal (`check_undo`; of
 * a closed incident `only_takes_back`).
 */
export function sentResponses(db: Db | Tx, incidentId: string): Promise<SentResponse[]> {
  return db.$queryRaw<SentResponse[]>`
    SELECT r.id::text AS "run", r.action, r.target,
      NOT EXISTS (SELECT FROM response_task u JOIN response_run w ON w.id = u.run_id
        WHERE u.undo_of = r.id AND w.outcome <> 'failed') AS "stands"
    FROM response_run r JOIN response_task t ON t.run_id = r.id
    WHERE r.incident_id = ${incidentId}::uuid AND t.undo_of IS NULL AND t.dispatched IS NOT NULL`;
}
