import type { SetSlaInput } from "#lib/contracts/sla.ts";
import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { slaFaults } from "#lib/domain/incident/sla.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/**
 * Puts new service clocks in force for every incident that opens from now on; the database writes the trail. Throws
 * Problem `sla_invalid` 422, `role_too_low` 403, or `sla_changed` 409 where another version came in force meanwhile.
 */
export async function setSla(
  db: Db,
  { after, minutes, reason }: SetSlaInput,
  by: Actor,
): Promise<{ version: number }> {
  const [fault] = slaFaults(minutes);
  if (fault) throw new Problem("sla_invalid", 422, `For ${fault.severity}: ${fault.sentence}`);
  const listOf = (clock: "assign" | "decide") =>
    SEVERITIES.map((severity) => minutes[clock][severity]);
  const version = await withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ version: number | null }[]>`
        SELECT gate.set_sla(${by.id}::uuid, ${after}::int, ${listOf("assign")}::int[], ${listOf("decide")}::int[], ${reason}) AS version`;
      return rows[0]?.version ?? null;
    }),
  );
  if (version === null) throw await changed(db);
  return { version };
}

async function changed(db: Db): Promise<Problem> {
  const newest = await db.slaPolicy.findFirst({
    orderBy: { version: "desc" },
    select: { version: true, at: true, by: { select: { name: true } } },
  });
  const who = newest?.by?.name ?? "Somebody";
  return new Problem(
    "sla_changed",
    409,
    `${who} put version ${newest?.version} in force meanwhile. Nothing was changed; load the page again and begin from it.`,
    { at: newest?.at.toISOString() },
  );
}
