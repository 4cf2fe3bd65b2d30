import { afterAll, beforeAll, expect, test } from "vitest";
import { countStatements } from "#lib/cli/bench/statements.ts";
import { addNote } from "#lib/commands/add-note.ts";
import type { Actor } from "#lib/commands/actor.ts";
import { at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findEvidence } from "./find-evidence.ts";
import { findIncident } from "./find-incident.ts";
import { incidentActivity } from "./incident-activity.ts";
import { listDecisions } from "./list-decisions.ts";
import { listEvidence } from "./list-evidence.ts";
import { QUEUE_SORTS } from "#lib/contracts/queue-words.ts";
import { listIncidents } from "./list-incidents.ts";
import type { QueueFilter } from "./list-incidents.ts";
import { listObservables } from "./list-observables.ts";
import { listSources } from "./list-sources.ts";
import { listThread, threadAround } from "./list-thread.ts";
import { listTrail } from "./list-trail.ts";
import { queueCounts } from "./queue-counts.ts";
import { deskWorld, SEVERITIES } from "./queries-fixtures.ts";

let database: TestDatabase;
let source: { id: string; name: string };
let ana: Actor;
let caseId: string;
beforeAll(async () => {
  ({ database, source, ana, caseId } = await deskWorld());
});
afterAll(() => database.close());

async function allPages(
  filter: Partial<QueueFilter>,
  between?: () => Promise<unknown>,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await listIncidents(database.web, { personId: null, ...filter }, cursor, 5);
    seen.push(...page.incidents.map(({ id }) => id));
    cursor = page.nextCursor;
    if (seen.length === 10) await between?.();
  } while (cursor);
  return seen;
}

test.each(QUEUE_SORTS)("the queue by %s has each incident once", async (sort) => {
  const seen = await allPages({ view: "all", sort });
  expect(seen).toHaveLength(24);
  expect(new Set(seen).size).toBe(24);
});

test("an incident that arrives while one pages takes no other's place", async () => {
  const before = await allPages({ sort: "opened" });
  const seen = await allPages({ sort: "opened" }, () =>
    ingest(
      database.web,
      source,
      [{ recordId: "while", time: at("02:00:00"), observables: observables("host:while") }],
      "while",
    ),
  );
  expect(seen).toEqual(before);
});

test("the queue is ordered by severity, worst first", async () => {
  const { incidents } = await listIncidents(
    database.web,
    { personId: null, sort: "severity" },
    null,
    100,
  );
  const ranks = incidents.map(({ severity }) => SEVERITIES.indexOf(severity as "low"));
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
});

test.each<[what: string, q: string, n: number]>([
  ["a part of the title", '"BEACON NUMBER 2"', 4],
  ["every word", "number beacon 22", 1],
  ["a title's own wildcard as itself", "100%", 0],
  ["a value", "evil.example", 23],
  ["a defanged value", "evil[.]example", 23],
  ["nothing there is", "nowhere.example", 0],
])("the queue finds %s", async (_what, q, n) => {
  const { incidents } = await listIncidents(database.web, { personId: null, q }, null, 100);
  expect(incidents).toHaveLength(n);
});

test("the queue finds a number, and filters by severity and status", async () => {
  const head = await findIncident(database.web, caseId);
  const found = await listIncidents(database.web, {
    personId: null,
    q: head!.number.toLowerCase(),
  });
  expect(found.incidents.map(({ id }) => id)).toEqual([caseId]);
  const critical = await listIncidents(
    database.web,
    { personId: null, severity: ["critical"] },
    null,
    100,
  );
  expect(new Set(critical.incidents.map(({ severity }) => severity))).toEqual(
    new Set(["critical"]),
  );
  expect(
    (await listIncidents(database.web, { personId: null, status: ["closed"] })).incidents,
  ).toEqual([]);
});

test("a cursor of someone else's making is refused", async () => {
  await expect(
    listIncidents(database.web, { personId: null }, "bm9uc2Vuc2U"),
  ).rejects.toMatchObject({ code: "cursor_invalid" });
});

test("the numbers beside the views are what the views list", async () => {
  const counts = await queueCounts(database.web, ana.id);
  const { incidents } = await listIncidents(
    database.web,
    { view: "all", personId: ana.id },
    null,
    100,
  );
  expect(counts).toMatchObject({
    all: incidents.length,
    unassigned: incidents.length,
    mine: 0,
    closed: 0,
  });
});

test("the thread has each record and each act once, forwards and backwards", async () => {
  await addNote(database.web, { incidentId: caseId, text: "Looked at the host." }, ana);
  const forward: string[] = [];
  let after: string | null = null;
  do {
    const page = await listThread(database.web, caseId, {}, { after, before: null }, 60);
    forward.push(...page.entries.map(({ id }) => id));
    after = page.nextCursor;
  } while (after);
  expect(new Set(forward).size).toBe(452);
  expect(forward).toHaveLength(452);
  const last = (
    await listThread(database.web, caseId, {}, { after: null, before: null }, 500)
  ).entries.at(-1)!;
  const backward = [last.id];
  let before: string | null = last.seek;
  do {
    const page = await listThread(database.web, caseId, {}, { after: null, before }, 60);
    backward.unshift(...page.entries.map(({ id }) => id));
    before = page.previousCursor;
  } while (before);
  expect(backward).toEqual(forward);
});

test("the thread opens around a cited record", async () => {
  const [item] = await database.web.evidenceItem.findMany({
    where: { incidentId: caseId, position: 200 },
    select: { id: true },
  });
  const page = await threadAround(database.web, caseId, {}, item!.id, 40);
  const place = page.entries.findIndex(({ id }) => id === item!.id);
  expect(place).toBeGreaterThan(10);
  expect(place).toBeLessThan(30);
  expect(page.nextCursor).not.toBeNull();
  expect(page.previousCursor).not.toBeNull();
});

test("the thread is filtered by kind and by what a record says", async () => {
  const alerts = await listThread(
    database.web,
    caseId,
    { kinds: ["alert"] },
    { after: null, before: null },
  );
  expect(alerts.entries.map((entry) => entry.type)).toEqual(["record"]);
  const step = await listThread(
    database.web,
    caseId,
    { q: "--step 449" },
    { after: null, before: null },
  );
  expect(step.entries).toHaveLength(1);
});

test("evidence is listed by position, without raw bytes, and opened with them", async () => {
  const page = await listEvidence(database.web, caseId, null, 100);
  expect(page.evidence.map(({ label }) => label).slice(0, 3)).toEqual(["E1", "E2", "E3"]);
  expect(page.evidence[0]).not.toHaveProperty("raw");
  const next = await listEvidence(database.web, caseId, page.nextCursor, 100);
  expect(next.evidence[0]?.label).toBe("E101");
  const opened = await findEvidence(database.web, page.evidence[0]!.id);
  expect(JSON.parse(opened!.raw)).toMatchObject({ recordId: "t0" });
  expect(opened?.rawBase64).toBeNull();
});

test("observables say where else they were seen", async () => {
  const one = await listIncidents(database.web, { personId: null, q: '"Beacon number 11"' });
  const seen = await listObservables(database.web, one.incidents[0]!.id);
  expect(seen.find(({ value }) => value === "evil.example")).toMatchObject({
    type: "domain",
    count: 1,
    specific: true,
    elsewhereCount: 22,
  });
  expect(seen.find(({ value }) => value === "evil.example")?.elsewhere).toHaveLength(5);
  expect(seen.find(({ value }) => value === "queue-11")?.elsewhereCount).toBe(0);
});

test("activity counts each record with a time once", async () => {
  const { slices, from, to } = await incidentActivity(database.web, {
    id: caseId,
    evidenceCount: 451,
  });
  expect(slices.reduce((sum, { records }) => sum + records, 0)).toBe(301);
  expect(slices.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(1);
  expect(from! < to!).toBe(true);
});

test("sources say how they are doing", async () => {
  const [edr] = await listSources(database.web);
  expect(edr).toMatchObject({ name: "edr", deadLetters: 0, active: true });
  expect(edr!.records).toBeGreaterThan(470);
  expect(edr?.lastRecordAt).not.toBeNull();
});

test.each<[screen: string, most: number, work: (db: Db) => Promise<unknown>]>([
  ["the queue", 1, (db) => listIncidents(db, { view: "all", personId: null })],
  ["the counts", 1, (db) => queueCounts(db, ana.id)],
  ["an incident's head", 1, (db) => findIncident(db, caseId)],
  ["a thread page", 2, (db) => listThread(db, caseId, {}, { after: null, before: null })],
  ["the observables", 1, (db) => listObservables(db, caseId)],
  ["the decisions", 3, (db) => listDecisions(db, caseId)],
  ["a trail page", 1, (db) => listTrail(db, { incident: caseId })],
  ["the sources", 1, (db) => listSources(db)],
])("%s costs at most %i statements", async (_screen, most, work) => {
  expect(await countStatements(database.urls.web, work)).toBeLessThanOrEqual(most);
});
