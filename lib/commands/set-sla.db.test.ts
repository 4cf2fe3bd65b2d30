import { afterAll, beforeAll, expect, test } from "vitest";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import { previewSla } from "#lib/queries/preview-sla.ts";
import { slaPage } from "#lib/queries/sla-page.ts";
import type { Actor } from "./actor.ts";
import { setSla } from "./set-sla.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const MINUTES = {
  assign: { informational: 50, low: 40, medium: 30, high: 20, critical: 10 },
  decide: { informational: 500, low: 400, medium: 300, high: 200, critical: 100 },
};

async function actor(role: Role): Promise<Actor> {
  const { id } = await makePerson(db, role);
  return { kind: "person", id, role, session: null };
}

const newest = async () => (await slaPage(db.web, null)).inForce.version;
const set = async (by: Actor, minutes = MINUTES, reason = "A smaller desk.") =>
  setSla(db.web, { after: await newest(), minutes, reason }, by);
const openedClocks = async () => {
  const { openedAt, slaDueAt, decideDueAt } = await makeIncident(db, "high");
  return [slaDueAt, decideDueAt].map((due) => (due.getTime() - openedAt.getTime()) / 60_000);
};

test("a new version counts from now on, has its entry, and leaves what is open as it is", async () => {
  const before = await makeIncident(db, "high");
  const admin = await actor("admin");
  const { version } = await set(admin);
  expect(await openedClocks()).toEqual([20, 200]);
  const kept = await db.web.incident.findUniqueOrThrow({ where: { id: before.id } });
  expect(kept.slaDueAt).toEqual(before.slaDueAt);
  const { inForce, history } = await slaPage(db.web, null);
  expect(inForce).toMatchObject({ version, reason: "A smaller desk.", by: { id: admin.id } });
  expect(history.map((one) => one.version)).toEqual([version, version - 1]);
  const { entries } = await listTrail(db.web, {}, null, 1);
  expect(entries[0]).toMatchObject({
    kind: "policy.clocks_set",
    payload: { version, assignMinutes: [50, 40, 30, 20, 10], reason: "A smaller desk." },
  });
});

test("an admin alone sets them", async () => {
  for (const role of ["analyst", "lead", "auditor"] as const)
    await expect(set(await actor(role))).rejects.toMatchObject({ code: "role_too_low" });
});

test("nonsense is refused before the database and by it", async () => {
  const admin = await actor("admin");
  const late = { ...MINUTES, assign: { ...MINUTES.assign, critical: 21 } };
  await expect(set(admin, late)).rejects.toMatchObject({ code: "sla_invalid", status: 422 });
  await expect(
    db.web
      .$queryRaw`SELECT gate.set_sla(${admin.id}::uuid, ${await newest()}::int, '{50,40,30,20,21}', '{500,400,300,200,100}', 'x')`,
  ).rejects.toThrow(/sla_policy_order/);
});

test("of two admins who begin from the same version the second is told who was first", async () => {
  const [one, other] = [await actor("admin"), await actor("admin")];
  const after = await newest();
  const answers = await Promise.allSettled(
    [one, other].map((by) => setSla(db.web, { after, minutes: MINUTES, reason: "Both." }, by)),
  );
  const refused = answers.find((answer) => answer.status === "rejected");
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(refused?.reason).toMatchObject({
    code: "sla_changed",
    publicMessage: expect.stringMatching(new RegExp(`^admin put version ${after + 1} in force`)),
  });
});

test("the preview counts the clock that runs, and none of what is closed or judged", async () => {
  const [free, taken, judged] = [
    await makeIncident(db, "high"),
    await makeIncident(db, "high"),
    await makeIncident(db, "high"),
  ];
  const { id } = await makePerson(db, "analyst");
  const before = await previewSla(db.web, MINUTES);
  await db.owner
    .$executeRaw`UPDATE incident SET opened_at = now() - interval '50 minutes' WHERE id IN (${free.id}::uuid, ${taken.id}::uuid, ${judged.id}::uuid)`;
  await db.web.incident.updateMany({
    where: { id: { in: [taken.id, judged.id] } },
    data: { assigneeId: id },
  });
  await db.web.incident.update({ where: { id: judged.id }, data: { verdict: "benign" } });
  expect(await previewSla(db.web, MINUTES)).toEqual({
    ...before,
    wouldBe: before.wouldBe + 1,
  });
  const short = { ...MINUTES, decide: { ...MINUTES.decide, high: 45, critical: 45 } };
  expect((await previewSla(db.web, short)).wouldBe).toBe(before.wouldBe + 2);
});
