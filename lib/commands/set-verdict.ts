import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Verdict } from "#lib/domain/incident/incident.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";

/** Sets or takes back (null) what a person judges the incident to be. A fact: open decisions go stale. */
export async function setVerdict(
  db: Db,
  input: { incidentId: string; verdict: Verdict | null },
  by: Actor,
): Promise<{ verdict: Verdict | null }> {
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    if (incident.verdict === input.verdict) return { verdict: input.verdict };
    await tx.$executeRaw`
      UPDATE incident SET verdict = ${input.verdict}, last_activity_at = now() WHERE id = ${incident.id}::uuid`;
    await announce(tx, incident.id);
    const payload = { from: incident.verdict, to: input.verdict };
    await appendTrail(tx, {
      kind: "verdict.set",
      actor: actorText(by),
      incidentId: incident.id,
      payload,
    });
    return { verdict: input.verdict };
  });
}
