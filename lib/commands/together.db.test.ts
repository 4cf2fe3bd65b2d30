/** One act over several incidents: each stands for itself, and each has its entry. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { assignIncidentsInput, noteIncidentsInput } from "#lib/contracts/together-inputs.ts";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { BULK_INCIDENTS_MAX } from "#lib/domain/decision/bulk.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import { listAssignable } from "#lib/queries/list-assignable.ts";
import type { Actor } from "./actor.ts";
import { assignIncident } from "./assign-incident.ts";
import { assignIncidents } from "./assign-incidents.ts";
import { noteIncidents } from "./note-incidents.ts";

let database: TestDatabase;
let ana: Actor;
let bob: Actor;

const actorOf = ({ id }: { id: string }): Actor => ({ kind: "person", session: null, id });

beforeAll(async () => {
  database = await testDatabase();
  ana = actorOf(await makePerson(database, "analyst", "Ana"));
  bob = actorOf(await makePerson(database, "lead", "Bob"));
});
afterAll(() => database.close());

async function free(count: number): Promise<{ id: string; number: string }[]> {
  const made = await Promise.all(Array.from({ length: count }, () => makeIncident(database)));
  return made.map(({ id, number }) => ({ id, number: incidentNumber(number) }));
}

const give = (ids: readonly string[], to: Actor | null, expected: Actor | null = null) => ({
  assignments: ids.map((incidentId) => ({
    incidentId,
    personId: to?.id ?? null,
    expected: expected?.id ?? null,
  })),
});

async function ownersOf(ids: string[]): Promise<(string | null)[]> {
  const rows = await database.web.incident.findMany({ where: { id: { in: ids } } });
  return ids.map((id) => rows.find((row) => row.id === id)!.assigneeId);
}

async function entriesOf(ids: string[], kind: string): Promise<number> {
  const { rows } = await database.pools.owner.query<{ n: number }>(
    "select count(*)::int as n from trail.entry where incident_id = any($1::uuid[]) and kind = $2",
    [ids, kind],
  );
  return rows[0]!.n;
}

test("all are given to one person, each with its entry, and undone by the way back", async () => {
  const ids = (await free(9)).map(({ id }) => id);
  const outcome = await assignIncidents(database.web, give(ids, ana), ana);
  expect(outcome.changed.toSorted()).toEqual(ids.toSorted());
  expect(outcome).toMatchObject({ unchanged: [], refused: [] });
  expect(await ownersOf(ids)).toEqual(ids.map(() => ana.id));
  expect(await entriesOf(ids, "incident.assigned")).toBe(9);
  const undone = await assignIncidents(database.web, give(outcome.changed, null, ana), ana);
  expect(undone.changed).toHaveLength(9);
  expect(await ownersOf(ids)).toEqual(ids.map(() => null));
  expect(await entriesOf(ids, "incident.assigned")).toBe(18);
});

test("one that changed hands or is owned already keeps none of the others back", async () => {
  const [taken, own, open] = (await free(3)) as [
    { id: string; number: string },
    { id: string; number: string },
    { id: string; number: string },
  ];
  await assignIncident(
    database.web,
    { incidentId: taken.id, personId: bob.id, expected: null },
    bob,
  );
  await assignIncident(database.web, { incidentId: own.id, personId: ana.id, expected: null }, ana);
  const outcome = await assignIncidents(database.web, give([taken.id, own.id, open.id], ana), ana);
  expect(outcome).toEqual({
    changed: [open.id],
    unchanged: [own.id],
    refused: [
      {
        incidentId: taken.id,
        number: taken.number,
        code: "incident_taken",
        message: expect.stringMatching(
          /^Bob has this incident, assigned by Bob at \d\d:\d\d UTC\. Nothing was changed/,
        ),
      },
    ],
  });
  expect(await ownersOf([taken.id, own.id, open.id])).toEqual([bob.id, ana.id, ana.id]);
  expect(await entriesOf([taken.id, own.id, open.id], "incident.assigned")).toBe(3);
});

test("an incident that was merged away meanwhile is told by name", async () => {
  const [gone, open] = (await free(2)) as [{ id: string; number: string }, { id: string }];
  const into = await makeIncident(database);
  await database.owner.incident.update({
    where: { id: gone.id },
    data: { mergedIntoId: into.id },
  });
  const outcome = await assignIncidents(database.web, give([gone.id, open.id], ana), ana);
  expect(outcome.changed).toEqual([open.id]);
  expect(outcome.refused).toMatchObject([{ number: gone.number, code: "incident_merged" }]);
});

test("of two who take the same ones at once, each incident has one owner and one entry", async () => {
  const ids = (await free(12)).map(({ id }) => id);
  const outcomes = await Promise.allSettled([
    assignIncidents(database.web, give(ids, ana), ana),
    assignIncidents(database.web, give(ids.toReversed(), bob), bob),
  ]);
  const changed = outcomes.flatMap((each) =>
    each.status === "fulfilled" ? each.value.changed : [],
  );
  const refused = outcomes.flatMap((each) =>
    each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
  );
  expect(refused.filter((code) => code !== "incident_taken")).toEqual([]);
  expect(changed.toSorted()).toEqual(ids.toSorted());
  expect(await entriesOf(ids, "incident.assigned")).toBe(12);
  expect((await ownersOf(ids)).every((owner) => owner === ana.id || owner === bob.id)).toBe(true);
});

test("where none can be given the reason is told once, and nothing is written", async () => {
  const ids = (await free(3)).map(({ id }) => id);
  const auditor = actorOf(await makePerson(database, "auditor", "Aud"));
  await expect(assignIncidents(database.web, give(ids, auditor), ana)).rejects.toMatchObject({
    code: "assignee_invalid",
  });
  expect(await ownersOf(ids)).toEqual([null, null, null]);
  expect(await entriesOf(ids, "incident.assigned")).toBe(0);
});

test("one note goes to each of them, with its entry", async () => {
  const ids = (await free(5)).map(({ id }) => id);
  const outcome = await noteIncidents(
    database.web,
    { incidentIds: ids, text: "Backup window, see the change." },
    ana,
  );
  expect(outcome.changed.toSorted()).toEqual(ids.toSorted());
  expect(await entriesOf(ids, "note.added")).toBe(5);
  const notes = await database.web.note.findMany({ where: { incidentId: { in: ids } } });
  expect(new Set(notes.map(({ text }) => text))).toEqual(
    new Set(["Backup window, see the change."]),
  );
  await expect(
    noteIncidents(database.web, { incidentIds: ids, text: "  " }, ana),
  ).rejects.toMatchObject({ code: "note_empty" });
});

test("more than the limit, none, and one twice are refused before anything is asked", () => {
  const ids = Array.from(
    { length: BULK_INCIDENTS_MAX + 1 },
    (_, n) => `0190d1c5-0000-7000-8000-${String(n).padStart(12, "0")}`,
  );
  const notes = (incidentIds: string[]) => noteIncidentsInput.safeParse({ incidentIds, text: "x" });
  const owners = (each: string[]) => assignIncidentsInput.safeParse(give(each, ana));
  for (const parse of [notes, owners]) {
    expect(parse(ids.slice(1)).success).toBe(true);
    expect(parse(ids).success).toBe(false);
    expect(parse([]).success).toBe(false);
    expect(parse([ids[0]!, ids[0]!]).success).toBe(false);
  }
});

test("only those who work incidents and are active can be given one", async () => {
  const gone = await makePerson(database, "analyst", "Gone");
  await database.owner.person.update({ where: { id: gone.id }, data: { active: false } });
  await makePerson(database, "admin", "Root");
  const people = await listAssignable(database.web);
  expect(people.map(({ id }) => id)).toEqual(expect.arrayContaining([ana.id, bob.id]));
  expect(people.map(({ name }) => name)).not.toContain("Gone");
  expect(new Set(people.map(({ role }) => role))).toEqual(new Set(["analyst", "lead"]));
});
