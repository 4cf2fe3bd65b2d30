/** What readers find of records that went: from either side, by their old place, and before they went. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PersonActor } from "#lib/commands/actor.ts";
import { addSource, at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { mergeIncident } from "#lib/commands/merge-incident.ts";
import { splitIncident } from "#lib/commands/split-incident.ts";
import { undoSplit } from "#lib/commands/undo-split.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { listSplits } from "./list-splits.ts";
import { recordOfPlace } from "./record-of-place.ts";
import { recordWent } from "./record-went.ts";
import { loadEvidence, loadRecords } from "./load-evidence.ts";
import { splitChoices } from "./split-choices.ts";

let db: TestDatabase;
let source: { id: string; name: string };
let ana: PersonActor;

beforeAll(async () => {
  db = await testDatabase();
  source = await addSource(db.web, "edr");
  ana = {
    kind: "person",
    id: (await makePerson(db, "analyst")).id,
    role: "analyst",
    session: null,
  };
});
afterAll(() => db.close());

let made = 0;

/** Five alerts of hosts 0, 0, 1, 1, 1, then an event of each host and one of both. */
async function opened(): Promise<{ id: string; items: string[] }> {
  const key = `q${(made += 1)}`;
  const host = (n: number) => `host:${key}-${n}`;
  const alerts = [0, 0, 1, 1, 1].map((of, n) => ({
    recordId: `${key}-${n}`,
    severity: "high",
    title: `Alert ${n}`,
    time: at(`0${n}:00:00`),
    observables: observables(host(of)),
  }));
  const events = [[0], [1], [0, 1]].map((of, n) => ({
    recordId: `${key}-event-${n}`,
    kind: "event" as const,
    title: `Event ${n}`,
    time: at(`1${n}:00:00`),
    observables: observables(...of.map(host)),
  }));
  const { incidents } = await ingest(db.web, source, [...alerts, ...events], key);
  const { id } = incidents[0]!;
  const rows = await db.web.evidenceItem.findMany({
    where: { incidentId: id },
    orderBy: { position: "asc" },
  });
  return { id, items: rows.map((row) => row.id) };
}

const split = (incidentId: string, evidenceIds: string[], withEvents = false) =>
  splitIncident(db.web, { incidentId, evidenceIds, withEvents, reason: "Another host." }, ana);

test("both sides tell of it, with the places that went, until it is undone", async () => {
  const { id, items } = await opened();
  const { into, splitId } = await split(id, [items[1]!, items[2]!, items[4]!]);
  expect(await listSplits(db.web, id)).toMatchObject([
    {
      id: splitId,
      way: "out",
      other: into,
      count: 3,
      places: [
        [2, 3],
        [5, 5],
      ],
      mayNotUndo: null,
    },
  ]);
  expect(await listSplits(db.web, into.id)).toMatchObject([
    { id: splitId, way: "in", other: { id }, places: [] },
  ]);
  await undoSplit(db.web, { splitId }, ana);
  expect(await listSplits(db.web, id)).toEqual([]);
});

test("an old place leads to its record, through splits, merges and undoings", async () => {
  const { id, items } = await opened();
  const { into, splitId } = await split(id, [items[1]!, items[2]!]);
  expect(await recordOfPlace(db.web, id, 3)).toEqual({ id: items[2], incidentId: into.id });
  expect(await recordOfPlace(db.web, id, 9)).toBeNull();
  expect(await recordWent(db.web, id, items[2]!)).toEqual({ number: into.number, label: "E2" });
  expect(await recordWent(db.web, id, items[0]!)).toBeNull();
  await undoSplit(db.web, { splitId }, ana);
  expect(await recordOfPlace(db.web, into.id, 2)).toEqual({ id: items[2], incidentId: id });
  const again = await split(id, [items[2]!]);
  const other = await opened();
  await mergeIncident(db.web, { incidentId: again.into.id, intoId: other.id, reason: "One." }, ana);
  expect(await recordOfPlace(db.web, id, 3)).toEqual({ id: items[2], incidentId: other.id });
});

test("events go along that show what only the chosen alerts show", async () => {
  const { id, items } = await opened();
  const { into, count } = await split(id, items.slice(0, 2), true);
  expect(count).toBe(4);
  const rows = await db.web.evidenceItem.findMany({
    where: { incidentId: into.id },
    orderBy: { position: "asc" },
  });
  expect(rows.map(({ title }) => title)).toEqual(["Alert 0", "Alert 1", "Event 0", "Event 2"]);
});

test("what was written over an earlier root finds the records as they stood then", async () => {
  const { id, items } = await opened();
  const placesAt = async (count: number) =>
    (await loadRecords(db.web, id, count)).records.map(({ position }) => position);
  const { splitId, into } = await split(id, [items[1]!]);
  expect(await placesAt(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const now = await loadEvidence(db.web, id);
  expect(now!.count).toBe(9);
  expect(now!.records.map(({ position }) => position)).toEqual([1, 3, 4, 5, 6, 7, 8]);
  expect((await loadEvidence(db.web, into.id))!.records.map((one) => one.id)).toEqual([items[1]]);
  await undoSplit(db.web, { splitId }, ana);
  expect(await placesAt(9)).toEqual([1, 3, 4, 5, 6, 7, 8]);
  expect(await placesAt(10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("what may be chosen is its alerts by place, or why nothing may", async () => {
  const { id, items } = await opened();
  const choices = await splitChoices(db.web, id);
  expect(choices).toMatchObject({ mayNotSplit: null, more: false });
  expect(choices.alerts.map(({ label }) => label)).toEqual(["E1", "E2", "E3", "E4", "E5"]);
  const { splitId, into } = await split(id, [items[0]!]);
  await undoSplit(db.web, { splitId }, ana);
  expect((await splitChoices(db.web, into.id)).mayNotSplit).toMatch(/merged/);
});
