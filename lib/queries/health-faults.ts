import type { Db } from "#lib/db/prisma.ts";
import { lastTrailCheck } from "./last-trail-check.ts";

/** The newest folder of prisma/migrations; `health-faults.db.test.ts` holds the two together. */
export const NEWEST_MIGRATION = "0112_playbooks";

const FAULTS_MAX = 20;

/** What keeps this process from serving, in sentences; empty when all is well. */
export async function healthFaults(db: Db): Promise<string[]> {
  try {
    const [migration, guards, policy, altered] = await Promise.all([
      db.$queryRaw<{ name: string | null }[]>`SELECT gate.newest_migration() AS name`,
      db.$queryRaw<{ fault: string }[]>`SELECT gate.missing_guards() AS fault LIMIT ${FAULTS_MAX}`,
      db.$queryRaw<{ rules: bigint }[]>`
        SELECT count(*) AS rules FROM policy_rule WHERE policy_version = gate.policy_version()`,
      db.$queryRaw<{ version: number }[]>`
        SELECT version FROM automation_in_force WHERE NOT gate.automation_as_signed(version)`,
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
    for (const { version } of altered) {
      faults.push(
        `The rules of automation, version ${version}, are not those that were signed: nothing runs by itself.`,
      );
    }
    return faults;
  } catch {
    return ["The database does not answer."];
  }
}

/** Entries that wait this long for a checkpoint are an alarm: the signer is down, or refuses. */
const SEAL_LATE_MINUTES = 5;

/** The whole trail is checked each night; two nights without are an alarm. */
const CHECK_LATE_DAYS = 2;

/** What needs a person although this process serves, in sentences. */
export async function healthAlarms(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ at: Date }[]>`
    SELECT e.at FROM trail.entry e
    WHERE e.seq = (SELECT coalesce(max(size), 0) FROM trail.checkpoint)
      AND e.at < now() - make_interval(mins => ${SEAL_LATE_MINUTES}::int)`;
  const late = rows.map(
    ({ at }) =>
      `Entries of the trail wait for a signed checkpoint since ${at.toISOString()}: the signer is down or refuses to sign; see its log.`,
  );
  const frozen = await db.$queryRaw<{ at: Date }[]>`
    SELECT f.at FROM trail.log_freeze f WHERE NOT EXISTS (SELECT FROM trail.log_origin o WHERE o.frozen = f.seq)`;
  return [
    ...frozen.map(
      ({ at }) =>
        `The log is frozen since ${at.toISOString()}: nothing can be done that is told of there. See docs/sealing.md.`,
    ),
    ...late,
    ...(await checkAlarms(db)),
  ];
}

/** Of the nightly check: that it found something, or that it no longer ends. */
async function checkAlarms(db: Db): Promise<string[]> {
  const [{ checkedAt, holds }, [first]] = await Promise.all([
    lastTrailCheck(db),
    db.$queryRaw<{ late: boolean; since: Date }[]>`
      SELECT since < now() - make_interval(days => ${CHECK_LATE_DAYS}::int) AS late, since
      FROM (SELECT coalesce((SELECT at FROM trail.entry WHERE kind = 'trail.checked' ORDER BY seq DESC LIMIT 1),
        (SELECT at FROM trail.entry WHERE seq = 0)) AS since) AS s`,
  ]);
  return [
    ...(holds === false && checkedAt !== null
      ? [
          `The check of the whole trail at ${checkedAt} found faults: freeze the log and see docs/sealing.md; npm run trail -- fsck says which.`,
        ]
      : []),
    ...(first?.late
      ? [
          `The whole trail was last checked ${checkedAt === null ? "never" : `at ${checkedAt}`}, and it is due each night: see the log of the worker, or run npm run trail -- fsck.`,
        ]
      : []),
  ];
}
