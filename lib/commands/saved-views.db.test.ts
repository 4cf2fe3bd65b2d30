import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePerson } from "#lib/db/testing-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { SAVED_VIEWS_MAX } from "#lib/domain/incident/saved-view.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { listSavedViews } from "#lib/queries/list-saved-views.ts";
import { listTrail } from "#lib/queries/list-trail.ts";
import type { PersonActor } from "./actor.ts";
import { changeView } from "./change-view.ts";
import { deleteView } from "./delete-view.ts";
import { endTour } from "./end-tour.ts";
import { saveView } from "./save-view.ts";
import { setFirstView } from "./set-first-view.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const LINE = { view: "all", q: "severity:high", sort: "sla", density: "dense" } as const;

async function actor(role: Role): Promise<PersonActor> {
  const { id } = await makePerson(db, role);
  return { kind: "person", id, role, session: null };
}

const save = (by: PersonActor, name: string, shared = false) =>
  saveView(db.web, { name, shared, line: LINE }, by).then(({ viewId }) => viewId);
const names = async (by: PersonActor) =>
  (await listSavedViews(db.web, by.id)).views.map(({ name }) => name);

type Told = { kind: string; payload: Record<string, unknown> };

/** What the trail says of a view, in order. */
async function told(viewId: string): Promise<Told[]> {
  const { entries } = await listTrail(db.web, {}, null, 200);
  return entries
    .filter(({ kind }) => kind.startsWith("view."))
    .map(({ kind, payload }) => ({ kind, payload: payload as Told["payload"] }))
    .filter(({ payload }) => payload["view"] === viewId)
    .toReversed();
}

test("a view of one's own is kept, and the trail does not say what it looks for", async () => {
  const ana = await actor("analyst");
  const id = await save(ana, "Night");
  await changeView(db.web, { viewId: id, line: { ...LINE, q: "host:ws-014" } }, ana);
  await changeView(db.web, { viewId: id, name: "Night" }, ana);
  expect((await listSavedViews(db.web, ana.id)).views).toMatchObject([
    { id, name: "Night", shared: false, q: "host:ws-014", owner: { id: ana.id } },
  ]);
  await deleteView(db.web, id, ana);
  expect(await names(ana)).toEqual([]);
  expect(await told(id)).toEqual(
    ["view.saved", "view.changed", "view.deleted"].map((kind) => ({
      kind,
      payload: { view: id, shared: false },
    })),
  );
});

test("a shared one is shown to everybody with its line on the trail; its owner or a lead changes it", async () => {
  const [ana, bo, lead] = [await actor("analyst"), await actor("analyst"), await actor("lead")];
  const id = await save(ana, "Cloud", true);
  expect(await names(bo)).toContain("Cloud");
  await expect(changeView(db.web, { viewId: id, name: "Mine" }, bo)).rejects.toMatchObject({
    code: "view_of_another",
  });
  await expect(deleteView(db.web, id, bo)).rejects.toMatchObject({ code: "view_of_another" });
  await changeView(db.web, { viewId: id, name: "Cloud, all" }, lead);
  await changeView(db.web, { viewId: id, shared: false }, lead);
  expect(await names(bo)).not.toContain("Cloud, all");
  await expect(deleteView(db.web, id, lead)).rejects.toMatchObject({ code: "view_not_found" });
  expect(await told(id)).toMatchObject([
    { kind: "view.saved", payload: { name: "Cloud", line: { q: "severity:high" }, owner: ana.id } },
    { kind: "view.changed", payload: { name: "Cloud, all", open: true } },
    { kind: "view.changed", payload: { name: "Cloud, all", open: false } },
  ]);
});

test("an auditor keeps views and shares none", async () => {
  const auditor = await actor("auditor");
  await expect(save(auditor, "Read", true)).rejects.toMatchObject({ code: "view_not_shareable" });
  const id = await save(auditor, "Read");
  await expect(changeView(db.web, { viewId: id, shared: true }, auditor)).rejects.toMatchObject({
    code: "view_not_shareable",
  });
});

test("a name stands once with a person, and fifty are kept at most, also of those saved at once", async () => {
  const ana = await actor("analyst");
  const twice = await Promise.allSettled([save(ana, "Same"), save(ana, "Same")]);
  expect(twice.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const other = await save(ana, "Other");
  await expect(changeView(db.web, { viewId: other, name: "Same" }, ana)).rejects.toMatchObject({
    code: "view_name_taken",
  });
  for (let n = 2; n < SAVED_VIEWS_MAX; n += 1) await save(ana, `View ${n}`);
  await expect(save(ana, "One more")).rejects.toMatchObject({ code: "views_full" });
});

test("the queue opens with what a person chose, while it is theirs to see", async () => {
  const [ana, bo] = [await actor("analyst"), await actor("analyst")];
  const first = async () => (await listSavedViews(db.web, bo.id)).first;
  const id = await save(ana, "Shared first", true);
  const secret = await save(ana, "Secret");
  await setFirstView(db.web, { savedId: id }, bo);
  expect(await first()).toEqual({ savedId: id });
  for (const savedId of [secret, randomUUID()])
    await expect(setFirstView(db.web, { savedId }, bo)).rejects.toMatchObject({
      code: "view_not_found",
    });
  await changeView(db.web, { viewId: id, shared: false }, ana);
  expect(await first()).toBeNull();
  await changeView(db.web, { viewId: id, shared: true }, ana);
  await deleteView(db.web, id, ana);
  expect(await first()).toBeNull();
  await setFirstView(db.web, { view: "mine" }, bo);
  expect(await first()).toEqual({ view: "mine" });
  await setFirstView(db.web, null, bo);
  expect(await first()).toBeNull();
});

test("the tour offers itself until it was taken or declined, whatever the queue opens with", async () => {
  const ana = await actor("analyst");
  expect((await listSavedViews(db.web, ana.id)).tourEnded).toBe(false);
  await endTour(db.web, ana);
  await setFirstView(db.web, { view: "mine" }, ana);
  expect(await listSavedViews(db.web, ana.id)).toMatchObject({
    tourEnded: true,
    first: { view: "mine" },
  });
});
