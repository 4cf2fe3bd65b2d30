import { claimOnBehalf, NOBODY } from "#lib/db/acting.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { AutomaticAction } from "#lib/domain/decision/automation.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { withGuards } from "./guard-problem.ts";

export type ActInput = { incidentId: string; action: AutomaticAction; target: string };
export type Acted = { acted: true; actId: string } | { acted: false; code: string };

/**
 * Lets one thing run by itself when the gate judges, at this moment, that it may: act, response, hint to open screens and trail entry
 * in one transaction. A refusal of the gate is a value; it is kept with its reasons.
 */
export async function actAutomatically(db: Db, input: ActInput): Promise<Acted> {
  const { incidentId, action, target } = input;
  try {
    return await withGuards(() =>
      transact(db, NOBODY, async (tx) => {
        await claimOnBehalf(tx, await rulesBy(tx));
        const rows = await tx.$queryRaw<{ id: string }[]>`
          SELECT gate.act_automatically(${incidentId}::uuid, ${action}, ${target}) AS id`;
        return { acted: true, actId: rows[0]!.id };
      }),
    );
  } catch (error) {
    if (!isProblem(error) || !error.code.startsWith("automation_")) throw error;
    await keepRefusal(db, input);
    return { acted: false, code: error.code };
  }
}

/** What runs by itself runs on behalf of who wrote the rules in force. */
async function rulesBy(tx: Tx): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string | null }[]>`
    SELECT person_id AS id FROM automation_in_force`;
  return rows[0]?.id ?? null;
}

/** Keeps why something does not run, in the gate's own words; once for each reason. */
export async function keepRefusal(db: Db, { incidentId, action, target }: ActInput): Promise<void> {
  await db.$queryRaw`SELECT gate.keep_refusal(${incidentId}::uuid, ${action}, ${target})::text AS kept`;
}
