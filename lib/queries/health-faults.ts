import type { Db } from "#lib/db/prisma.ts";

const NEWEST_MIGRATION = "0012_thread";

/** What keeps this process from serving, in sentences; empty when all is well. */
export async function healthFaults(db: Db): Promise<string[]> {
  try {
    const [migrations, guards] = await Promise.all([
      db.$queryRaw<{ name: string }[]>`SELECT name FROM gate.applied_migrations() AS name`,
      db.$queryRaw<{ name: string }[]>`SELECT name FROM gate.missing_guards() AS name`,
    ]);
    const faults: string[] = [];
    if (!migrations.some((one) => one.name === NEWEST_MIGRATION)) {
      faults.push("The database has not been migrated to this version.");
    }
    for (const guard of guards) faults.push(`The guard ${guard.name} is missing or disabled.`);
    return faults;
  } catch {
    return ["The database does not answer."];
  }
}
