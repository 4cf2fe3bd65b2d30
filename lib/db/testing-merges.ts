import { createHash, randomUUID } from "node:crypto";
import type { Sql } from "./testing-gate.ts";
import { makeIncident } from "./testing-people.ts";
import type { TestDatabase } from "./testing.ts";

/** One merge that was taken apart again, for the world: rows that never change. */
export async function makeMerge(db: TestDatabase, personId: string): Promise<void> {
  const made = await merge(db.pools.web, { ...(await two(db)), personId });
  await unmerge(db.pools.web, made, personId);
}

type Pair = { fromId: string; intoId: string };

/** Two incidents without evidence. */
export async function two(db: TestDatabase): Promise<Pair> {
  const [{ id: fromId }, { id: intoId }] = [await makeIncident(db), await makeIncident(db)];
  return { fromId, intoId };
}

/** As the command merges them, with a root of its own; gives the id of the merge. */
export async function merge(sql: Sql, given: Pair & { personId: string }): Promise<string> {
  const id = randomUUID();
  const root = createHash("sha256").update(id).digest();
  await sql.query("select gate.merge_by_hand($1, $2, $3, $4, 'The same intruder.', $5, $5)", [
    id,
    given.fromId,
    given.intoId,
    given.personId,
    root,
  ]);
  return id;
}

export async function unmerge(sql: Sql, mergeId: string, personId: string): Promise<unknown> {
  return sql.query("select gate.undo_merge($1, $2)", [mergeId, personId]);
}
