/** An incident goes to the next person with a note: one act, told to whom it concerns, until they have taken over. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { handOverIncidentsInput } from "#lib/contracts/work-inputs.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { HANDOVERS_MAX } from "#lib/domain/incident/handover.ts";
import { noticeSentence } from "#lib/domain/notice/sentence.ts";
import { handoverDrafts } from "#lib/queries/handover-drafts.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";
import { listNotices } from "#lib/queries/list-notices.ts";
import { unreadNotices } from "#lib/queries/unread-notices.ts";
import type { Actor } from "./actor.ts";
import { addTask } from "./add-task.ts";
import { assignIncident } from "./assign-incident.ts";
import { handOver } from "./hand-over.ts";
import { handOverIncidents } from "./hand-over-incidents.ts";
import { takeOver } from "./take-over.ts";

let world: World;
let ana: Actor;
let bo: Actor;
let lea: Actor;

const actorOf = ({ id }: TestPerson): Actor => ({ kind: "person", session: null, id });

beforeAll(async () => {
  world = await makeWorld();
  [ana, bo, lea] = [actorOf(world.ana), actorOf(world.bo), actorOf(world.lea)];
});
afterAll(() => world.db.close());
beforeEach(async () => {
  await world.owner.query("delete from notice_delivery");
  await world.owner.query("delete from notice");
});

async function owned(by: Actor = ana): Promise<string> {
  const { id } = await makeIncident(world.db);
  await assignIncident(world.db.web, { incidentId: id, personId: by.id, expected: null }, by);
  return id;
}

type To = { to?: Actor | null; expected?: Actor | null; text?: string; by?: Actor };
const wanted = (incidentId: string, { to = bo, expected = ana, text = "Read E1." }: To) => ({
  incidentId,
  personId: to?.id ?? null,
  expected: expected?.id ?? null,
  text,
});
const hand = (incidentId: string, { by = ana, ...to }: To = {}) =>
  handOver(world.db.web, wanted(incidentId, to), by);
const open = async (id: string) => (await readIncidentWork(world.db.web, id, bo.id)).handover;

async function told(person: Actor): Promise<string[]> {
  const page = await listNotices(world.db.web, { personId: person.id, cursor: null, limit: 50 });
  return page.notices.map(({ noticed }) => noticeSentence(noticed).replaceAll(/INC-\d+/g, "INC"));
}

async function entriesOf(id: string): Promise<string[]> {
  const { rows } = await world.owner.query<{ kind: string }>(
    "select kind from trail.entry where incident_id = $1 order by seq",
    [id],
  );
  return rows.map(({ kind }) => kind);
}

const ownerOf = async (id: string) =>
  (await world.db.web.incident.findUniqueOrThrow({ where: { id } })).assigneeId;

test("a hand-over is a note, a new owner, a notice and their entries, in one act", async () => {
  const id = await owned();
  await hand(id);
  expect(await ownerOf(id)).toBe(bo.id);
  expect(await open(id)).toMatchObject({
    by: { name: "ana" },
    to: { name: "bo" },
    text: "Read E1.",
  });
  expect((await entriesOf(id)).slice(1)).toEqual([
    "incident.assigned",
    "note.added",
    "incident.handed_over",
  ]);
  expect(await told(bo)).toEqual(["ana handed INC over to you."]);
  expect(await told(ana)).toEqual([]);
});

test("it stands until the new owner says that they have taken over, and is news until then", async () => {
  const id = await owned();
  await hand(id);
  const { id: handoverId } = (await open(id))!;
  await expect(takeOver(world.db.web, { incidentId: id, handoverId }, lea)).rejects.toMatchObject({
    code: "not_yours",
  });
  expect((await unreadNotices(world.db.web, bo.id)).unread).toBe(1);
  await takeOver(world.db.web, { incidentId: id, handoverId }, bo);
  await takeOver(world.db.web, { incidentId: id, handoverId }, bo);
  expect(await open(id)).toBeNull();
  expect((await unreadNotices(world.db.web, bo.id)).unread).toBe(0);
  expect((await entriesOf(id)).filter((kind) => kind === "incident.taken_over")).toHaveLength(1);
});

test("handed over to nobody it waits for whoever takes it", async () => {
  const id = await owned();
  await hand(id, { to: null });
  expect(await ownerOf(id)).toBeNull();
  expect(await open(id)).toMatchObject({ to: null });
  await assignIncident(world.db.web, { incidentId: id, personId: lea.id, expected: null }, lea);
  await takeOver(world.db.web, { incidentId: id, handoverId: (await open(id))!.id }, lea);
  expect(await open(id)).toBeNull();
});

test("a hand-over of another incident cannot be taken over here", async () => {
  const [one, other] = [await owned(), await owned()];
  await hand(one);
  await hand(other);
  const foreign = (await open(other))!.id;
  for (const handoverId of [foreign, randomUUID()])
    await expect(takeOver(world.db.web, { incidentId: one, handoverId }, bo)).rejects.toMatchObject(
      { code: "handover_not_found" },
    );
});

test("what is refused leaves no note, no owner and no notice", async () => {
  const id = await owned();
  const before = await entriesOf(id);
  const gone = actorOf(world.gone);
  for (const [to, code] of [
    [{ to: ana }, "handover_to_oneself"],
    [{ to: actorOf(world.aud) }, "assignee_invalid"],
    [{ to: gone }, "assignee_invalid"],
    [{ expected: lea }, "incident_taken"],
    [{ text: " \n " }, "note_empty"],
    [{ text: "x".repeat(10_001) }, "note_too_long"],
    [{ by: actorOf(world.aud) }, "role_too_low"],
  ] as const)
    await expect(hand(id, to)).rejects.toMatchObject({ code });
  expect(await ownerOf(id)).toBe(ana.id);
  expect(await entriesOf(id)).toEqual(before);
  expect(await world.db.web.note.count({ where: { incidentId: id } })).toBe(0);
  expect(await told(bo)).toEqual([]);
});

test("what is closed, merged away or not there is handed over to nobody", async () => {
  const { id: shut } = await makeIncident(world.db);
  await sign(world.web, await propose(world.web, { incidentId: shut, proposer: world.ana }), {
    person: world.bo,
  });
  const [{ id: merged }, { id: into }] = [
    await makeIncident(world.db),
    await makeIncident(world.db),
  ];
  await world.db.owner.incident.update({ where: { id: merged }, data: { mergedIntoId: into } });
  for (const [id, code] of [
    [shut, "incident_closed"],
    [merged, "incident_merged"],
    [randomUUID(), "incident_not_found"],
  ] as const)
    await expect(hand(id, { expected: null })).rejects.toMatchObject({ code });
});

test("several go with a note each; one that changed hands keeps none of the others back", async () => {
  const [one, two, taken] = [await owned(), await owned(), await owned(lea)];
  const outcome = await handOverIncidents(
    world.db.web,
    {
      handovers: [
        wanted(one, { text: "First." }),
        wanted(two, { text: "Second." }),
        wanted(taken, {}),
      ],
    },
    ana,
  );
  expect(outcome.changed.toSorted()).toEqual([one, two].toSorted());
  expect(outcome.refused).toMatchObject([{ incidentId: taken, code: "incident_taken" }]);
  expect((await open(one))?.text).toBe("First.");
  expect((await open(two))?.text).toBe("Second.");
  expect(await open(taken)).toBeNull();
});

test("more at once than somebody reads, none, and one twice are refused at the door", () => {
  const ids = Array.from({ length: HANDOVERS_MAX + 1 }, () => randomUUID());
  const parse = (each: string[]) =>
    handOverIncidentsInput.safeParse({ handovers: each.map((id) => wanted(id, {})) }).success;
  expect(parse(ids.slice(1))).toBe(true);
  expect([ids, [], [ids[0]!, ids[0]!]].map(parse)).toEqual([false, false, false]);
});

test("the note begins with what the rows say is open", async () => {
  const id = await owned();
  const task = { incidentId: id, title: "Ask the owner", details: "" };
  await addTask(world.db.web, task, ana);
  await propose(world.web, { incidentId: id, proposer: world.ana });
  const [draft] = await handoverDrafts(world.db.web, [id]);
  expect(draft).toMatchObject({ incidentId: id, assignee: { id: ana.id, name: "ana" } });
  expect(draft!.text).toContain("- Task: Ask the owner\n");
  expect(draft!.text).toContain("- Unsigned proposal: Closure, proposed by ana\n");
  await expect(handoverDrafts(world.db.web, [randomUUID()])).rejects.toMatchObject({
    code: "not_found",
  });
});
