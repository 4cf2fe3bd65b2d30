import type { Db } from "#lib/db/prisma.ts";

/** The newest folder of prisma/migrations; `health-faults.db.test.ts` holds the two together. */
export const NEWEST_MIGRATION = "0039_trail_check";

const FAULTS_MAX = 20;

/** What keeps this process from serving, in sentences; empty when all is well. */
export async function healthFaults(db: Db): Promise<string[]> {
  try {
    const [migration, guards, policy] = await Promise.all([
      db.$queryRaw<{ name: string | null }[]>`SELECT gate.newest_migration() AS name`,
      db.$queryRaw<{ fault: string }[]>`SELECT gate.missing_guards() AS fault LIMIT ${FAULTS_MAX}`,
      db.$queryRaw<{ rules: bigint }[]>`
        SELECT count(*) AS rules FROM policy_rule WHERE policy_version = gate.policy_version()`,
    ]);
    const faults = guards.map(({ fault }) => `A guard of the database differs: ${fault}.`);
    const at = migration[0]?.name ?? "nothing";
    if (at !== NEWEST_MIGRATION) {
      faults.push(
        `The database stands at migration ${at}, this version needs ${NEWEST_MIGRATION}.`,
      );
    }
    if (policy[0]?.rules === 0n) {
      faults.push("No policy is in force, so every decision is refused.");
    }
    return faults;
  } catch {
    return ["The database does not answer."];
  }
}
