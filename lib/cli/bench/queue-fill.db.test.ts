import { afterAll, beforeAll, expect, test } from "vitest";
import { adminQuery, testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { fillQueue, nameOwners } from "./queue-fill.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test("a queue is filled beside what is there, with numbers of its own, and the next incident has the next number", async () => {
  const before = await makeIncident(db);
  await fillQueue(db.adminUrl, 300);
  const { rows } = await adminQuery(
    db.adminUrl,
    `SELECT (SELECT count(*)::int FROM incident) AS incidents, (SELECT count(*)::int FROM incident_observable) AS values,
       (SELECT count(*)::int FROM evidence_item) AS records,
       (SELECT count(*)::int FROM pg_trigger WHERE tgenabled = 'D') AS asleep`,
  );
  expect(rows[0]).toEqual({ incidents: 301, values: 1800, records: 300, asleep: 0 });
  expect((await makeIncident(db)).number).toBe(before.number + 301);
  const filter = { view: "all", personId: null, q: "host:ws-14*" } as const;
  const { incidents } = await listIncidents(db.web, filter, null);
  expect(incidents.length).toBeGreaterThan(0);
  for (const { title } of incidents) expect(title).toMatch(/WS-14/);
  await nameOwners(db.adminUrl);
  const plain = await listIncidents(db.web, { view: "all", personId: null }, null);
  expect(plain.incidents.length).toBeGreaterThan(20);
  const owned = plain.incidents.filter(({ status }) => status === "in_progress");
  expect(owned.length).toBeGreaterThan(0);
  for (const { assignee } of owned) expect(assignee?.name).toMatch(/^Analyst \d\d$/);
});
