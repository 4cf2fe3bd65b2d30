/** What leads and admins are told of: what ran or stopped by itself, and weaker rules that wait. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { stopDoubtful } from "#lib/commands/stop-doubtful.ts";
import {
  act,
  addAlert,
  COLLECT,
  draftRules,
  ISOLATE,
  makeCollectable,
  publishRules,
  secondAdmin,
  signRules,
  stop,
  withdrawRules,
} from "#lib/db/testing-automation.ts";
import {
  endPolicy,
  proposePolicy,
  rulesInForce,
  signPolicy,
  type PolicyAnswer,
} from "#lib/db/testing-policy.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { noticeKindsOf } from "#lib/domain/notice/notice.ts";
import { noticeSentence } from "#lib/domain/notice/sentence.ts";
import { may, ROLES } from "#lib/domain/people/permissions.ts";
import { putAwayMootNotices } from "#lib/jobs/moot-notices.ts";
import { listNotices } from "./list-notices.ts";
import { unreadNotices } from "./unread-notices.ts";

let world: World;
let eve: TestPerson;
beforeAll(async () => {
  world = await makeWorld();
  eve = await secondAdmin(world);
});
afterAll(() => world.db.close());
beforeEach(async () => {
  await world.owner.query("delete from notice_delivery");
  await world.owner.query("delete from notice");
});

async function noticesOf({ id: personId }: TestPerson) {
  return (await listNotices(world.db.web, { personId, cursor: null, limit: 50 })).notices;
}

/** The sentences, the newest first, with the incident's number and times left out. */
async function told(person: TestPerson): Promise<string[]> {
  return (await noticesOf(person)).map(({ noticed }) =>
    noticeSentence(noticed)
      .replaceAll(/INC-\d+/g, "INC")
      .replaceAll(/\d{4}-\d\d-\d\d at \d\d:\d\d/g, "TIME"),
  );
}

const unread = async (person: TestPerson) => (await unreadNotices(world.db.web, person.id)).unread;

async function kindsToSend(): Promise<string[]> {
  const { rows } = await world.owner.query(
    `select e.kind || ' ' || coalesce(p.name, 'webhook') as said from notice_delivery d join notice_event e on e.id = d.event_id
     left join person p on p.id = d.person_id order by 1`,
  );
  return rows.map(({ said }) => said as string);
}

const assign = (incidentId: string, person: TestPerson) =>
  world.web.query("update incident set assignee_id = $2 where id = $1", [incidentId, person.id]);

async function weaker(person: TestPerson = world.adm): Promise<PolicyAnswer> {
  const rules = (await rulesInForce(world.web)).map((rule) =>
    rule.kind === "containment" ? { ...rule, minRole: "analyst" as const, leadSignOffs: 0 } : rule,
  );
  return proposePolicy(world.web, { person, rules });
}

describe("what runs or stops by itself", () => {
  test("an isolation is told to every lead and to whose incident it is, at once, every way", async () => {
    await publishRules(world.web, {
      admins: [world.adm, eve],
      rules: [COLLECT, ISOLATE],
      owner: world.owner,
    });
    const { incidentId } = await makeCollectable(world.db, { sourceId: world.sourceId });
    await assign(incidentId, world.bo);
    await world.owner.query("delete from notice_delivery");
    await act(world.db.pools.worker, incidentId, { action: "isolate_host" });
    const sentence = "Automation isolated an endpoint in INC by itself.";
    expect((await told(world.lea))[0]).toBe(sentence);
    expect(await told(world.bo)).toEqual([sentence]);
    for (const nobody of [world.ana, world.aud, world.machine, world.gone])
      expect(await told(nobody)).toEqual([]);
    expect((await noticesOf(world.bo))[0]).toMatchObject({
      path: `/incidents/${incidentId}`,
      isNews: true,
    });
    expect(await kindsToSend()).toEqual(
      ["bo", "lea", "webhook"].map((to) => `automation.isolated ${to}`),
    );
  });

  test("a collection is told to nobody", async () => {
    const { incidentId } = await makeCollectable(world.db, { sourceId: world.sourceId });
    await act(world.db.pools.worker, incidentId);
    expect(await told(world.lea)).toEqual([]);
  });

  test("a stop over doubt is told to leads and to whose incident it is; one by a person is not", async () => {
    const { incidentId } = await makeCollectable(world.db, { sourceId: world.sourceId });
    await assign(incidentId, world.ana);
    await stop(world.web, world.bo, { scope: "incident", incidentId });
    expect(await told(world.lea)).toEqual([]);
    await addAlert(world.db, incidentId, { sourceId: world.sourceId, instructionLike: 1 });
    expect(await stopDoubtful(world.db.worker, incidentId)).not.toBeNull();
    const sentence = "Automation stopped itself in INC: its evidence or its claims are in doubt.";
    for (const person of [world.lea, world.ana]) expect(await told(person)).toEqual([sentence]);
    for (const nobody of [world.bo, world.adm, world.aud]) expect(await told(nobody)).toEqual([]);
    expect(await kindsToSend()).toEqual(
      ["ana", "lea", "webhook"].map((to) => `automation.stopped ${to}`),
    );
  });
});

describe("rules of automation that let more run", () => {
  test("wait for a second admin: told to the other admins and to leads, until they are signed", async () => {
    const draft = await draftRules(world.web, {
      admin: world.adm,
      rules: [COLLECT, { ...ISOLATE, maxPerHour: 3 }],
    });
    expect(await told(eve)).toEqual([]);
    await signRules(world.web, draft, world.adm);
    const sentence = `adm signed rules of automation, version ${draft.version}; they wait for a second admin.`;
    for (const person of [eve, world.lea]) expect(await told(person)).toEqual([sentence]);
    for (const nobody of [world.adm, world.ana, world.aud]) expect(await told(nobody)).toEqual([]);
    expect((await noticesOf(eve))[0]).toMatchObject({ path: "/automation", isNews: true });
    expect([await unread(eve), await unread(world.lea)]).toEqual([1, 1]);
    await signRules(world.web, draft, eve);
    expect(await told(world.lea)).toEqual([
      `Rules that let more run by itself, version ${draft.version}, have their signatures and take effect TIME UTC.`,
      sentence,
    ]);
    expect([await unread(eve), await unread(world.lea), await unread(world.adm)]).toEqual([
      0, 1, 1,
    ]);
    expect(await putAwayMootNotices(world.db.worker)).toBe(2);
    await withdrawRules(world.web, draft.version, world.adm);
    expect(await unread(world.lea)).toBe(0);
  });

  test("that one admin may publish are told to nobody", async () => {
    await publishRules(world.web, { admins: [world.adm], rules: [COLLECT] });
    for (const nobody of [eve, world.lea]) expect(await told(nobody)).toEqual([]);
  });
});

describe("a weaker policy", () => {
  test("is told when it waits for a second admin and when it waits for its time", async () => {
    const { version } = await weaker();
    const waits = `adm proposed a weaker policy, version ${version}; it waits for a second admin.`;
    for (const person of [eve, world.lea]) expect(await told(person)).toEqual([waits]);
    expect(await told(world.adm)).toEqual([]);
    expect((await noticesOf(eve))[0]).toMatchObject({ path: `/settings/policy/${version}` });
    await signPolicy(world.web, { version, person: eve });
    const scheduled = `A weaker policy, version ${version}, has its signatures and takes effect TIME UTC.`;
    expect(await told(world.adm)).toEqual([scheduled]);
    expect(await told(world.lea)).toEqual([scheduled, waits]);
    expect([await unread(eve), await unread(world.lea), await unread(world.adm)]).toEqual([
      0, 1, 1,
    ]);
    expect(await kindsToSend()).toEqual([
      ...["adm", "lea", "webhook"].map((to) => `policy.scheduled ${to}`),
      ...["eve", "lea", "webhook"].map((to) => `policy.waiting ${to}`),
    ]);
    await endPolicy(world.web, version, world.adm);
    expect([await unread(world.lea), await unread(world.adm)]).toEqual([0, 0]);
    for (const nobody of [world.ana, world.bo, world.aud, world.gone])
      expect(await told(nobody)).toEqual([]);
  });

  test("that is refused waits for nobody; a stricter one is told to nobody", async () => {
    const { version } = await weaker();
    expect(await unread(world.lea)).toBe(1);
    await endPolicy(world.web, version, eve);
    expect(await unread(world.lea)).toBe(0);
    const rules = (await rulesInForce(world.web)).map((rule) => ({ ...rule, signOffs: 3 }));
    await proposePolicy(world.web, { person: world.adm, rules });
    expect(await told(world.lea)).toHaveLength(1);
  });
});

test("whoever may be told of anything may read it, and nobody else", () => {
  for (const role of ROLES)
    expect(may(role, "notice:read"), role).toBe(noticeKindsOf(role).length > 0);
  expect(noticeKindsOf("admin")).toEqual([
    "automation.waiting",
    "automation.scheduled",
    "policy.waiting",
    "policy.scheduled",
  ]);
  expect(noticeKindsOf("analyst")).not.toContain("policy.waiting");
});
