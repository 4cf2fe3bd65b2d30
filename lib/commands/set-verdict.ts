import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Verdict } from "#lib/domain/incident/incident.ts";
import { VERDICT_WORDS } from "#lib/domain/incident/words.ts";
import { Problem } from "#lib/domain/problem.ts";
import { actorText } from "./actor.ts";
import type { Actor } from "./actor.ts";
import { announce, lockIncident } from "./lock-incident.ts";
import type { LockedRow } from "./lock-incident.ts";
import { whoChanged } from "./who-changed.ts";
import type { WhoChanged } from "./who-changed.ts";

/** `expected`: the verdict that the person saw. */
export type SetVerdict = {
  incidentId: string;
  verdict: Verdict | null;
  expected?: Verdict | null | undefined;
};

/**
 * Sets or takes back (null) what a person judges the incident to be. A fact: open decisions go stale. Throws Problem
 * `verdict_changed` 409 where it is another by now than the person saw.
 */
export async function setVerdict(
  db: Db,
  input: SetVerdict,
  by: Actor,
): Promise<{ verdict: Verdict | null }> {
  return transact(db, by, async (tx) => {
    const incident = await lockIncident(tx, input.incidentId);
    if (incident.verdict === input.verdict) return { verdict: input.verdict };
    if (input.expected !== undefined && incident.verdict !== input.expected) {
      const who = await whoChanged(tx, incident.id, "verdict.set");
      // Whoever is quicker than their own screen collides with nobody.
      if (who?.id !== by.id) throw verdictChanged(incident, who);
    }
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

function verdictChanged(incident: LockedRow, who: WhoChanged | null): Problem {
  const now = incident.verdict
    ? `The verdict is ${VERDICT_WORDS[incident.verdict as Verdict].toLowerCase()} by now`
    : "The verdict was taken back meanwhile";
  return new Problem(
    "verdict_changed",
    409,
    `${now}${who ? `, by ${who.words}` : ""}. Yours was not set. Look at what it rests on; if you judge otherwise, set yours again.`,
    { verdict: incident.verdict },
  );
}
