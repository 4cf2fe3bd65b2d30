import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { GONE_SECONDS } from "#lib/domain/incident/presence.ts";
import { presentAt, presentEverywhere } from "#lib/queries/list-presence.ts";
import type { PersonActor } from "./actor.ts";
import { beatPresence, endPresence } from "./beat-presence.ts";
import { setVerdict } from "./set-verdict.ts";
import { workIncident } from "./work-incident.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const person = (name: string, role: "analyst" | "auditor" = "analyst") =>
  makePerson(db, role, name);
const incident = async () => (await makeIncident(db)).id;
const beat = (incidentId: string, personId: string) =>
  beatPresence(db.web, { incidentId, personId });
const seenBy = async (incidentId: string, personId: string) =>
  (await presentAt(db.web, { incidentId, personId })).map(({ name }) => name);
/** As if the last word of a person had come so long ago. */
const ago = (personId: string, seconds: number) =>
  db.owner
    .$executeRaw`UPDATE presence SET seen_at = seen_at - make_interval(secs => ${seconds}), since = since - make_interval(secs => ${seconds})
    WHERE person_id = ${personId}::uuid`;

test("those who have an incident open see each other, an auditor too, and nobody sees themselves", async () => {
  const [ana, di, id] = [await person("Ana"), await person("Di", "auditor"), await incident()];
  await beat(id, ana.id);
  await beat(id, di.id);
  await beat(id, di.id);
  expect(await presentAt(db.web, { incidentId: id, personId: ana.id })).toMatchObject([
    { id: di.id, name: "Di", role: "auditor" },
  ]);
  expect(await seenBy(id, di.id)).toEqual(["Ana"]);
  expect(await presentEverywhere(db.web, ana.id)).toMatchObject([
    { incidentId: id, people: [{ name: "Di", role: "auditor" }] },
  ]);
});

test("whoever leaves is gone at once, whoever is not heard of a little later, and comes anew", async () => {
  const [ana, bo, id] = [await person("Ana"), await person("Bo"), await incident()];
  await beat(id, bo.id);
  await endPresence(db.web, { incidentId: id, personId: bo.id });
  expect(await seenBy(id, ana.id)).toEqual([]);
  await beat(id, bo.id);
  await ago(bo.id, GONE_SECONDS - 5);
  expect(await seenBy(id, ana.id)).toEqual(["Bo"]);
  await ago(bo.id, 6);
  expect(await seenBy(id, ana.id)).toEqual([]);
  const before = Date.now() - 5_000;
  await beat(id, bo.id);
  const [back] = await presentAt(db.web, { incidentId: id, personId: ana.id });
  expect(Date.parse(back!.since)).toBeGreaterThan(before);
});

test("who is gone is swept away by others' beats, and none of it is on the trail", async () => {
  const [ana, bo, id] = [await person("Ana"), await person("Bo"), await incident()];
  const entries = async () =>
    (await db.owner.$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n FROM trail.entry`)[0]!.n;
  const before = await entries();
  await beat(id, bo.id);
  await ago(bo.id, GONE_SECONDS + 1);
  await Promise.all(Array.from({ length: 8 }, () => beat(id, ana.id)));
  expect(await db.web.presence.count({ where: { personId: bo.id } })).toBe(0);
  expect(await entries()).toBe(before);
});

test("nobody is at an incident that there is not", async () => {
  const { id } = await person("Ana");
  await expect(beat(randomUUID(), id)).rejects.toMatchObject({ code: "not_found", status: 404 });
});

const actor = async (name: string): Promise<PersonActor> => {
  const { id } = await person(name);
  return { kind: "person", id, role: "analyst", session: null };
};

test("whoever sets a verdict over one they did not see is told whose it is, and sets none", async () => {
  const [ana, bo, incidentId] = [await actor("Ana"), await actor("Bo"), await incident()];
  await setVerdict(db.web, { incidentId, verdict: "benign", expected: null }, bo);
  const late = { incidentId, verdict: "true_positive", expected: null } as const;
  await expect(setVerdict(db.web, late, ana)).rejects.toMatchObject({
    code: "verdict_changed",
    publicMessage: expect.stringMatching(
      /^The verdict is benign by now, by Bo at \d\d:\d\d UTC\. Yours was not set\./,
    ),
  });
  await setVerdict(db.web, { ...late, expected: "benign" }, ana);
  // quicker than the own screen
  await setVerdict(db.web, { ...late, verdict: "suspicious" }, ana);
  const { verdict } = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(verdict).toBe("suspicious");
});

test("whoever moves a status that somebody else moved is told so, and moves none", async () => {
  const [ana, bo, incidentId] = [await actor("Ana"), await actor("Bo"), await incident()];
  await workIncident(db.web, { incidentId, status: "on_hold", expected: "new" }, bo);
  const late = { incidentId, status: "in_progress", expected: "new" } as const;
  await expect(workIncident(db.web, late, ana)).rejects.toMatchObject({
    code: "status_changed",
    publicMessage: expect.stringMatching(
      /^The status is on hold by now, by Bo at \d\d:\d\d UTC\. Yours was not set\./,
    ),
  });
  await workIncident(db.web, { ...late, expected: "on_hold" }, ana);
});
