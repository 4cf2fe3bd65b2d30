/** Service clocks are the policy's, whoever opens an incident, and the queue's index puts them in order. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runningClock } from "#lib/domain/incident/clock.ts";
import { SEVERITIES, SEVERITY_RANK } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { makePerson } from "./testing-people.ts";
import { adminQuery, testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

/** Opened so many minutes ago; its clocks in minutes from then. */
async function clocksOf(
  severity: Severity,
  minutesAgo = 0,
): Promise<{ id: string; clocks: number[] }> {
  const id = randomUUID();
  await adminQuery(
    db.adminUrl,
    `insert into incident (id, title, severity, severity_rank, opened_at, sla_due_at, evidence_root, claims_hash)
     values ('${id}', 'Clock', '${severity}', ${SEVERITY_RANK[severity]}, now() - interval '${minutesAgo} minutes', 'infinity', sha256(''), sha256(''))`,
  );
  return { id, clocks: await minutesOf(id) };
}

async function minutesOf(id: string): Promise<number[]> {
  const { rows } = await adminQuery(
    db.adminUrl,
    `select (extract(epoch from sla_due_at - opened_at) / 60)::float8 as assign, (extract(epoch from decide_due_at - opened_at) / 60)::float8 as decide
     from incident where id = '${id}'`,
  );
  return [rows[0].assign, rows[0].decide];
}

test("each severity has its own, and what whoever inserts says of them counts for nothing", async () => {
  const minutes = [];
  for (const severity of SEVERITIES) minutes.push((await clocksOf(severity)).clocks);
  expect(minutes).toEqual([
    [1440, 10_080],
    [480, 4320],
    [120, 1440],
    [30, 240],
    [15, 60],
  ]);
});

test("a severity that rises brings them forward, one that falls gives no more time", async () => {
  const { id } = await clocksOf("low");
  const set = (severity: Severity) =>
    db.web.incident.update({
      where: { id },
      data: { severity, severityRank: SEVERITY_RANK[severity] },
    });
  await set("critical");
  expect(await minutesOf(id)).toEqual([15, 60]);
  await set("medium");
  expect(await minutesOf(id)).toEqual([15, 60]);
});

test("a new version is for what is opened from then on, also when its severity changes later", async () => {
  const before = await clocksOf("low", 60);
  const after = `insert into sla_policy (version, assign_minutes, decide_minutes, reason, at)
    values (2, '{50,40,30,20,10}', '{500,400,300,200,100}', 'A smaller desk.', now() - interval '1 second')`;
  await adminQuery(db.adminUrl, after);
  expect((await clocksOf("low")).clocks).toEqual([40, 400]);
  await db.web.incident.update({
    where: { id: before.id },
    data: { severity: "high", severityRank: 4 },
  });
  expect(await minutesOf(before.id)).toEqual([30, 240]);
});

test("the queue's order is that of the clocks that run, and those that stopped come last", async () => {
  const { id: ana } = await makePerson(db, "analyst");
  const [taken, judged] = [await clocksOf("low", 9_999), await clocksOf("low", 9_999)];
  await adminQuery(
    db.adminUrl,
    `update incident set assignee_id = '${ana}' where id in ('${taken.id}', '${judged.id}');
     update incident set verdict = 'benign' where id = '${judged.id}'`,
  );
  const { incidents } = await listIncidents(db.web, { view: "all", sort: "sla", personId: null });
  const due = incidents.map((row) => runningClock(row)?.dueAt ?? "never");
  expect(due).toEqual(due.toSorted());
  expect(incidents.at(-1)?.id).toBe(judged.id);
  expect(incidents[0]).toMatchObject({ id: taken.id });
});
