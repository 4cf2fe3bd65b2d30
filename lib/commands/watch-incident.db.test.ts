/** Who watches an incident, or is named in a note, is told once, and nobody else is. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { WATCHES_MAX } from "#lib/domain/incident/watch.ts";
import { noticeSentence } from "#lib/domain/notice/sentence.ts";
import { readIncidentWork } from "#lib/queries/incident-work.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { listNotices } from "#lib/queries/list-notices.ts";
import type { Actor } from "./actor.ts";
import { addNote } from "./add-note.ts";
import { handOver } from "./hand-over.ts";
import { watchIncident } from "./watch-incident.ts";
import { workIncident } from "./work-incident.ts";

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
  await world.owner.query("delete from incident_watch");
});

const made = async () => (await makeIncident(world.db)).id;
const watch = (incidentId: string, by: Actor, watching = true) =>
  watchIncident(world.db.web, { incidentId, watching }, by);

async function told(person: Actor): Promise<string[]> {
  const page = await listNotices(world.db.web, { personId: person.id, cursor: null, limit: 50 });
  return page.notices.map(({ noticed }) => noticeSentence(noticed).replaceAll(/INC-\d+/g, "INC"));
}

async function deliveries(): Promise<{ kind: string; mail: number; posts: number }[]> {
  const { rows } = await world.owner.query<{ kind: string; mail: number; posts: number }>(
    `select e.kind, count(d.person_id)::int as mail, count(d.id) filter (where d.person_id is null)::int as posts
     from notice_event e join notice n on n.event_id = e.id left join notice_delivery d on d.event_id = e.id
     group by e.kind order by e.kind`,
  );
  return rows;
}

test("a watcher hears of a status, in the app and by nothing else, until they end it", async () => {
  const incidentId = await made();
  await watch(incidentId, bo);
  await watch(incidentId, bo);
  expect((await readIncidentWork(world.db.web, incidentId, bo.id)).watching).toBe(true);
  expect((await readIncidentWork(world.db.web, incidentId, ana.id)).watching).toBe(false);
  await workIncident(world.db.web, { incidentId, status: "on_hold" }, ana);
  expect(await told(bo)).toEqual(["The status of INC, which you watch, is now on hold."]);
  expect(await told(ana)).toEqual([]);
  expect(await deliveries()).toEqual([{ kind: "incident.status_changed", mail: 0, posts: 0 }]);
  await watch(incidentId, bo, false);
  await workIncident(world.db.web, { incidentId, status: "in_progress" }, ana);
  expect(await told(bo)).toHaveLength(1);
});

test("a watcher hears of a decision once: not what waits for them, nor what is their own", async () => {
  const incidentId = await made();
  for (const each of [ana, bo, lea]) await watch(incidentId, each);
  const decision = await propose(world.web, {
    incidentId,
    proposer: world.ana,
    kind: "containment",
  });
  // a containment waits for leads
  expect(await told(bo)).toEqual(["ana proposed the containment of INC, which you watch."]);
  expect(await told(lea)).toEqual([
    "Containment of INC, proposed by ana, waits for your signature.",
  ]);
  await sign(world.web, decision, { person: world.lea });
  expect((await told(bo))[0]).toBe("The containment of INC, which you watch, took effect.");
  expect(await told(ana)).toEqual(["Your containment of INC took effect."]);
  expect(await told(lea)).toHaveLength(1);
});

test("a watcher hears of a rejection", async () => {
  const incidentId = await made();
  await watch(incidentId, bo);
  const decision = await propose(world.web, {
    incidentId,
    proposer: world.ana,
    kind: "containment",
  });
  await sign(world.web, decision, { person: world.lea, outcome: "rejected" });
  expect((await told(bo))[0]).toBe("lea rejected the containment of INC, which you watch.");
});

test("a watcher hears of a hand-over, and who does it does not", async () => {
  const incidentId = await made();
  for (const each of [ana, lea]) await watch(incidentId, each);
  const to = { incidentId, personId: bo.id, expected: null, text: "Yours. Ask @lea." };
  await handOver(world.db.web, to, ana);
  expect(await told(lea)).toEqual([
    "ana handed INC over to bo.",
    "ana named you in a note of INC.",
  ]);
  expect(await told(bo)).toEqual(["ana handed INC over to you."]);
  expect(await told(ana)).toEqual([]);
});

test("whom a note names is told, once, by mail too; nobody who does not work here is", async () => {
  const incidentId = await made();
  const text = "@bo and @bo: see E1. @ana did, @gone did not, nor @aud, nor mail x@lea.";
  await addNote(world.db.web, { incidentId, text }, ana);
  expect(await told(bo)).toEqual(["ana named you in a note of INC."]);
  for (const nobody of [ana, lea, actorOf(world.gone), actorOf(world.aud)])
    expect(await told(nobody)).toEqual([]);
  expect(await deliveries()).toEqual([{ kind: "incident.mentioned", mail: 1, posts: 0 }]);
});

test("a watch goes where its incident goes", async () => {
  const [incidentId, into] = [await made(), await made()];
  await watch(incidentId, bo);
  await watch(incidentId, lea);
  await watch(into, lea);
  await world.db.owner.incident.update({
    where: { id: incidentId },
    data: { mergedIntoId: into },
  });
  for (const each of [bo, lea])
    expect((await readIncidentWork(world.db.web, into, each.id)).watching).toBe(true);
  await expect(watch(incidentId, ana)).rejects.toMatchObject({ code: "incident_merged" });
  await expect(watch(randomUUID(), ana)).rejects.toMatchObject({ code: "incident_not_found" });
});

test("watch:me finds one's own, open or not, and nobody else's", async () => {
  const [one, two] = [await made(), await made(), await made()];
  await watch(one!, bo);
  await watch(two!, bo);
  await watch(two!, ana);
  const found = async (personId: string | null, q: string) =>
    (await listIncidents(world.db.web, { personId, q })).incidents.map(({ id }) => id).toSorted();
  expect(await found(bo.id, "watch:me")).toEqual([one, two].toSorted());
  expect(await found(ana.id, "watch:me")).toEqual([two]);
  expect(await found(lea.id, "watch:me")).toEqual([]);
  expect(await found(null, "watch:me")).toEqual([]);
  expect(await found(ana.id, "-watch:me")).toEqual(expect.arrayContaining([one]));
  await expect(found(ana.id, "watch:bo")).rejects.toMatchObject({ code: "filter_invalid" });
});

test("a person watches so many and no more", async () => {
  await world.owner.query(
    `insert into incident (id, title, severity, severity_rank, sla_due_at, evidence_root, claims_hash)
     select gen_random_uuid(), 'Many', 'low', 2, now(), sha256(''), sha256('') from generate_series(1, $1)`,
    [WATCHES_MAX],
  );
  await world.owner.query(
    "insert into incident_watch (person_id, incident_id) select $1, id from incident where title = 'Many'",
    [bo.id],
  );
  await expect(watch(await made(), bo)).rejects.toMatchObject({ code: "watches_full" });
  await watch(await made(), lea);
});
