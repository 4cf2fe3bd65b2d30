import { createHash, randomUUID } from "node:crypto";
import type { Sql } from "./testing-gate.ts";
import { makeEvidence, makeIncident } from "./testing-people.ts";
import type { TestDatabase } from "./testing.ts";

/** One split that was undone again, for the world: rows that never change. */
export async function makeSplit(
  db: TestDatabase,
  { sourceId, personId }: { sourceId: string; personId: string },
): Promise<void> {
  const made = await split(db.pools.web, { ...(await parted(db, sourceId)), personId });
  await unsplit(db.pools.web, made.splitId, personId);
}

type Parted = { fromId: string; items: [string, string] };

/** An incident of two records. */
export async function parted(db: TestDatabase, sourceId: string): Promise<Parted> {
  const { id: fromId } = await makeIncident(db);
  const one = await makeEvidence(db, { sourceId, incidentId: fromId, position: 1 });
  const two = await makeEvidence(db, { sourceId, incidentId: fromId, position: 2 });
  return { fromId, items: [one.id, two.id] };
}

/** As the command splits the second record off, with roots of its own. */
export async function split(
  sql: Sql,
  given: Parted & { personId: string },
): Promise<{ splitId: string; intoId: string }> {
  const [splitId, intoId] = [randomUUID(), randomUUID()];
  const root = createHash("sha256").update(splitId).digest();
  await sql.query(
    "select gate.split_by_hand($1, $2, $3, $4, $5, 'Another host.', $6, $6, $6, $6, $6)",
    [splitId, given.fromId, intoId, [given.items[1]], given.personId, root],
  );
  return { splitId, intoId };
}

export async function unsplit(sql: Sql, splitId: string, personId: string): Promise<unknown> {
  const root = createHash("sha256").update(`${splitId} undone`).digest();
  return sql.query("select gate.undo_split($1, $2, $3, $4, $4)", [
    splitId,
    randomUUID(),
    personId,
    root,
  ]);
}
