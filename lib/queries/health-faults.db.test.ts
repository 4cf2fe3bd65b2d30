import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminQuery, testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { healthFaults, NEWEST_MIGRATION } from "./health-faults.ts";

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
