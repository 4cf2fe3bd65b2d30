import type { SentResponse } from "#lib/domain/decision/decision.ts";
import type { Db, Tx } from "./prisma.ts";

/** What was sent from here for this incident and may be taken back: the gate asks the same of a proposal (`check_undo`). */
export function sentResponses(db: Db | Tx, incidentId: string): Promise<SentResponse[]> {
  return db.$queryRaw<SentResponse[]>`
    SELECT r.id::text AS "run", r.action, r.target FROM response_run r JOIN response_task t ON t.run_id = r.id
    WHERE r.incident_id = ${incidentId}::uuid AND t.undo_of IS NULL AND t.dispatched IS NOT NULL`;
}
