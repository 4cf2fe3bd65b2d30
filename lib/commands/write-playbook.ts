import type { WritePlaybookInput } from "#lib/contracts/playbooks.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { Tx } from "#lib/db/prisma.ts";
import { PLAYBOOKS_MAX } from "#lib/domain/incident/playbook.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * Writes the next version of a playbook, or the first of a new one; without steps it is retired. Tasks that were made
 * from an earlier version stay as they are. The database writes the trail. Throws Problem `role_too_low` 403,
 * `playbook_exists` 409 where a new one has the name of another, `playbook_changed` 409 where somebody wrote a version
 * meanwhile, or `playbooks_full` 409.
 */
export async function writePlaybook(
  db: Db,
  { name, after, incidentTypes, rank, steps, reason }: WritePlaybookInput,
  by: Actor,
): Promise<{ version: number }> {
  const version = await withGuards(() =>
    transact(db, by, async (tx) => {
      if (after === 0) await requirePlace(tx, name);
      const rows = await tx.$queryRaw<{ version: number | null }[]>`
        SELECT gate.write_playbook(${by.id}::uuid, ${name}, ${after}::int, ${incidentTypes}::text[], ${rank}::int,
          ${JSON.stringify(steps)}::jsonb, ${reason}) AS version`;
      return rows[0]?.version ?? null;
    }),
  );
  if (version === null) throw await changed(db, name);
  return { version };
}

/** A new one has a name of its own, and is among as many as are offered. */
async function requirePlace(tx: Tx, name: string): Promise<void> {
  const rows = await tx.$queryRaw<{ same: string | null; count: number }[]>`
    SELECT max(name) FILTER (WHERE lower(name) = lower(${name})) AS same, count(DISTINCT name)::int AS count FROM playbook`;
  const { same = null, count = 0 } = rows[0] ?? {};
  if (same !== null)
    throw new Problem(
      "playbook_exists",
      409,
      `There is a playbook "${same}" already. Change that one, or choose another name.`,
    );
  if (count >= PLAYBOOKS_MAX)
    throw new Problem(
      "playbooks_full",
      409,
      `There are ${PLAYBOOKS_MAX} playbooks, which is as many as there may be. Change one of them.`,
    );
}

async function changed(db: Db, name: string): Promise<Problem> {
  const rows = await db.$queryRaw<{ version: number; at: Date; who: string | null }[]>`
    SELECT p.version, p.at, o.name AS who FROM playbook p LEFT JOIN person o ON o.id = p.by_id
    WHERE lower(p.name) = lower(${name}) ORDER BY p.version DESC LIMIT 1`;
  const newest = rows[0];
  if (!newest)
    return new Problem("playbook_changed", 409, "There is no such playbook. Look again.");
  return new Problem(
    "playbook_changed",
    409,
    `${newest.who ?? "Somebody"} wrote version ${newest.version} meanwhile. Nothing was changed; load the page again and begin from it.`,
    { at: newest.at.toISOString() },
  );
}
