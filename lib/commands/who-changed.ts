import type { Db, Tx } from "#lib/db/prisma.ts";
import type { TrailKind } from "#lib/trail/kinds.ts";

/** Entries of one incident that are looked at, the newest first. */
const LOOK_MAX = 2_000;

export type WhoChanged = { id: string; /** `Bo Chen at 02:14 UTC` */ words: string };

/** Who last did this to an incident, as the trail says; null where no person did lately. */
export async function whoChanged(
  db: Db | Tx,
  incidentId: string,
  kind: TrailKind,
): Promise<WhoChanged | null> {
  const rows = await db.$queryRaw<{ id: string; name: string; at: Date }[]>`
    SELECT o.id, o.name, e.at
    FROM (SELECT actor, kind, at, seq FROM trail.entry WHERE incident_id = ${incidentId}::uuid
      ORDER BY seq DESC LIMIT ${LOOK_MAX}::int) e
    JOIN person o ON 'person:' || o.id = e.actor
    WHERE e.kind = ${kind} ORDER BY e.seq DESC LIMIT 1`;
  const [last] = rows;
  if (!last) return null;
  return { id: last.id, words: `${last.name} at ${last.at.toISOString().slice(11, 16)} UTC` };
}
