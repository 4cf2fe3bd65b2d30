import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { openedByHand } from "#lib/domain/evidence/opened-by-hand.ts";
import type { OpenedByHand } from "#lib/domain/evidence/opened-by-hand.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { Problem } from "#lib/domain/problem.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { actorText } from "./actor.ts";
import type { PersonActor } from "./actor.ts";
import { placeOfAdded, prepareByHand } from "./add-evidence.ts";
import { handSource } from "./ingest/hand-source.ts";
import { settleByHand } from "./ingest/settle-batch.ts";

/** `idem`: made by the form; the same one twice opens one incident. */
export type OpenIncident = OpenedByHand & { idem: string };
type Opened = {
  id: string;
  number: string; // INC-000123
};

/**
 * Opens an incident because a person says so. What they say of it is its first record, so that its root and whatever is
 * claimed of it rest on evidence from the start. Throws Problem 403 `not_allowed`, 409 `opened_already`.
 */
export async function openIncident(
  db: Db,
  { idem, ...said }: OpenIncident,
  by: PersonActor,
): Promise<Opened> {
  const record = openedByHand(said);
  const bytes = new TextEncoder().encode(canonicalJson(said));
  const prepared = prepareByHand(bytes, record, () => openedKey(idem));
  return transact(db, by, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${idem}, 0))::text`;
    const source = await handSource(tx, by, "incident:open");
    const known = await openedBefore(tx, source.id, idem, prepared.sha256);
    if (known) return known;
    const actor = actorText(by);
    const records = [prepared];
    const incident = await settleByHand(tx, {
      ...{ source, actor, records },
      requestKey: idem,
      incidentId: null,
    });
    const { entry } = await placeOfAdded(tx, { incident, prepared, actor });
    await appendTrail(tx, entry);
    return { id: incident.id, number: incidentNumber(incident.number) };
  });
}

/** What the same form opened already; refused when it now says something else, which would be nowhere. */
async function openedBefore(
  tx: Tx,
  sourceId: string,
  idem: string,
  sha256: Buffer,
): Promise<Opened | null> {
  const rows = await tx.$queryRaw<{ id: string; number: number; same: boolean }[]>`
    SELECT i.id, i.number, e.raw_sha256 = ${sha256}::bytea AS same
    FROM evidence_item e JOIN incident i ON i.id = e.incident_id
    WHERE e.source_id = ${sourceId}::uuid AND e.record_key = ${openedKey(idem)}`;
  const found = rows[0];
  if (!found) return null;
  const opened = { id: found.id, number: incidentNumber(found.number) };
  if (found.same) return opened;
  throw new Problem(
    "opened_already",
    409,
    `${opened.number} is open already, with what was written first. Nothing was changed; add what is new there.`,
    opened,
  );
}

function openedKey(idem: string): string {
  return `opened:${idem}`;
}
