import type { PresentAll, PresentView } from "#lib/contracts/presence.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import { GONE_SECONDS, PRESENT_ALL_MAX, PRESENT_MAX } from "#lib/domain/incident/presence.ts";

const HERE = Prisma.sql`p.seen_at > now() - make_interval(secs => ${GONE_SECONDS})`;

/** Who else has an incident open, in the order they came. */
export async function presentAt(
  db: Db,
  { incidentId, personId }: { incidentId: string; personId: string },
): Promise<PresentView[]> {
  const rows = await db.$queryRaw<(PersonView & { since: Date })[]>`
    SELECT o.id, o.name, o.role, p.since FROM presence p JOIN person o ON o.id = p.person_id
    WHERE p.incident_id = ${incidentId}::uuid AND p.person_id <> ${personId}::uuid AND ${HERE}
    ORDER BY p.since, o.id LIMIT ${PRESENT_MAX}::int`;
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

/** Everything that others have open. */
export async function presentEverywhere(db: Db, personId: string): Promise<PresentAll> {
  return db.$queryRaw<PresentAll>`
    SELECT x.incident_id AS "incidentId", json_agg(person_view(o) ORDER BY x.since, o.id) AS people
    FROM (SELECT p.* FROM presence p WHERE p.person_id <> ${personId}::uuid AND ${HERE}
      ORDER BY p.seen_at DESC LIMIT ${PRESENT_ALL_MAX}::int) x
    JOIN person o ON o.id = x.person_id GROUP BY x.incident_id`;
}
