import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordTrailCheck } from "#lib/commands/record-trail-check.ts";
import { adminQuery, testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { healthAlarms, healthFaults, NEWEST_MIGRATION } from "./health-faults.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("a migrated database has no faults", async () => {
  expect(await healthFaults(database.web)).toEqual([]);
});

test("the newest migration is the one this version asks for", async () => {
  const folders = (await readdir("prisma/migrations")).filter((name) => /^\d{4}_/.test(name));
  expect(folders.toSorted().at(-1)).toBe(NEWEST_MIGRATION);
});

/** Sets when the entries were written that a new database begins with. */
async function writeFirst(at: string): Promise<void> {
  await adminQuery(
    database.adminUrl,
    `ALTER TABLE trail.entry DISABLE TRIGGER append_only;
     UPDATE trail.entry SET at = ${at};
     ALTER TABLE trail.entry ENABLE ALWAYS TRIGGER append_only`,
  );
}

test("entries that wait more than five minutes for a checkpoint are an alarm, until one covers them", async () => {
  await writeFirst("now()");
  expect(await healthAlarms(database.web)).toEqual([]);
  await writeFirst("now() - interval '6 minutes'");
  expect((await healthAlarms(database.web)).join(" ")).toMatch(
    /wait for a signed checkpoint since 20/,
  );
  await database.pools.signer.query(
    "INSERT INTO trail.checkpoint (size, root, note) SELECT size, sha256(''), 'note' FROM trail.head",
  );
  expect(await healthAlarms(database.web)).toEqual([]);
});

test("a check of the trail that has not ended for two days is an alarm, and so is one that found faults", async () => {
  const alarms = async () => (await healthAlarms(database.web)).join(" ");
  await writeFirst("now() - interval '47 hours'");
  expect(await alarms()).toBe("");
  await writeFirst("now() - interval '49 hours'");
  expect(await alarms()).toMatch(/^The whole trail was last checked never/);
  await recordTrailCheck(database.worker, [{ check: "lines", n: 3, fault: null }]);
  const seal =
    "INSERT INTO trail.checkpoint (size, root, note) SELECT size, sha256(size::text::bytea), 'note' FROM trail.head";
  await database.pools.signer.query(seal);
  expect(await alarms()).toBe("");
  await recordTrailCheck(database.worker, [
    { check: "lines", n: 3, fault: "entry 2 is not as it was" },
  ]);
  await database.pools.signer.query(seal);
  expect(await alarms()).toMatch(/^The check of the whole trail at 20.* found faults/);
});

test("a disabled guard is named", async () => {
  await adminQuery(database.adminUrl, "ALTER TABLE incident DISABLE TRIGGER incident_gate");
  expect((await healthFaults(database.web)).join(" ")).toContain("incident_gate");
});

test("a desk without a policy in force is named", async () => {
  await adminQuery(
    database.adminUrl,
    `ALTER TABLE policy_version DISABLE TRIGGER check_policy_version;
     UPDATE policy_version SET effective_at = now() + interval '1 hour';
     ALTER TABLE policy_version ENABLE ALWAYS TRIGGER check_policy_version`,
  );
  expect(await healthFaults(database.web)).toContain(
    "No policy is in force, so every decision is refused.",
  );
});

test("rules of automation that are not those that were signed are named", async () => {
  await adminQuery(
    database.adminUrl,
    `ALTER TABLE automation_rule DISABLE TRIGGER check_automation_rule;
     INSERT INTO automation_rule (version, number, action, blast_radius, min_confidence, min_sources, max_per_hour, max_per_incident)
       VALUES (1, 20, 'collect_artifacts', 'collection', 0, 1, 600, 20);
     ALTER TABLE automation_rule ENABLE ALWAYS TRIGGER check_automation_rule`,
  );
  expect(await healthFaults(database.web)).toContain(
    "The rules of automation, version 1, are not those that were signed: nothing runs by itself.",
  );
});
