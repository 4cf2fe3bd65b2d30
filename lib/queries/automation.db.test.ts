import { afterAll, beforeAll, expect, test } from "vitest";
import {
  act,
  COLLECT,
  draftRules,
  ISOLATE,
  lift,
  makeCollectable,
  publishRules,
  signRules,
  stop,
} from "#lib/db/testing-automation.ts";
import { makePerson, makeSource } from "#lib/db/testing-people.ts";
import type { TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import type { AutomationRuleInput } from "#lib/domain/decision/automation.ts";
import { automationLog, incidentAutomation } from "./automation-log.ts";
import { automationPage } from "./automation-page.ts";
import { queueCounts } from "./queue-counts.ts";
import { previewAutomation } from "./preview-automation.ts";

let db: TestDatabase;
let sourceId: string;
let [ana, lea, adm]: TestPerson[] = [];
beforeAll(async () => {
  db = await testDatabase();
  ({ id: sourceId } = await makeSource(db));
  [ana, lea, adm] = await Promise.all([
    makePerson(db, "analyst", "ana"),
    makePerson(db, "lead", "lea"),
    makePerson(db, "admin", "adm"),
  ]);
});
afterAll(() => db.close());

const RULES = [COLLECT as AutomationRuleInput];

test("the log is read page by page, newest first, nothing twice and nothing left out", async () => {
  for (let n = 0; n < 5; n += 1) {
    const { incidentId } = await makeCollectable(db, { sourceId });
    await act(db.pools.worker, incidentId);
    await lift(
      db.pools.web,
      lea!,
      await stop(db.pools.web, ana!, { scope: "incident", incidentId }),
    );
    const kept = "select gate.keep_refusal($1, 'isolate_host', 'ws-17')";
    await db.pools.worker.query(kept, [incidentId]);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await automationLog(db.web, cursor, 3);
    seen.push(...page.items.map(({ kind, id, at }) => `${at} ${kind} ${id}`));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toHaveLength(20);
  expect(new Set(seen).size).toBe(20);
  const times = seen.map((line) => line.split(" ")[0]!);
  expect(times).toEqual(times.toSorted().toReversed());
  await expect(automationLog(db.web, "nonsense")).rejects.toMatchObject({ code: "cursor_invalid" });
});

test("an incident shows what ran in it, with the values it was judged by, and what stops it", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId, tactic: "impact" });
  await act(db.pools.worker, incidentId);
  const ofType = await stop(db.pools.web, ana!, { scope: "incident_type", type: "impact" });
  const other = await stop(db.pools.web, ana!, { scope: "incident_type", type: "discovery" });
  const { acts, refusals, stops } = await incidentAutomation(db.web, incidentId);
  expect(acts).toMatchObject([
    {
      action: "collect_artifacts",
      target: "ws-17",
      outcome: "unknown",
      values: { confidence: { total: 70 }, rule: { version: 1, number: 1 } },
    },
  ]);
  expect(refusals).toEqual([]);
  expect(stops).toMatchObject([{ id: ofType, incidentType: "impact", by: { name: "ana" } }]);
  for (const id of [ofType, other]) await lift(db.pools.web, lea!, id);
});

test("the page names the rules in force, those that wait for another admin, and every stop that holds", async () => {
  const draft = await draftRules(db.pools.web, { admin: adm!, rules: [COLLECT, ISOLATE] });
  await signRules(db.pools.web, draft, adm!);
  const id = await stop(db.pools.web, ana!, { scope: "global" });
  const page = await automationPage(db.web);
  expect(page.inForce).toMatchObject({
    version: 1,
    by: null,
    needed: 1,
    rules: [{ severities: null }],
  });
  expect(page.drafts).toMatchObject([
    {
      version: draft.version,
      needed: 2,
      signers: [{ name: "adm" }],
      rules: [{}, { action: "isolate_host" }],
    },
  ]);
  expect(page).toMatchObject({ stopCount: 1, stops: [{ id, scope: "global" }] });
  expect(page.lastHour).toMatchObject([{ action: "collect_artifacts" }]);
  await lift(db.pools.web, lea!, id);
});

test("a preview says what rules would have let run, and tells systems to those alone who may read incidents", async () => {
  const { incidentId } = await makeCollectable(db, {
    sourceId,
    host: "srv-9",
    severity: "critical",
  });
  await db.pools.owner.query(
    "update incident set opened_at = now() - interval '8 days' where id <> $1",
    [incidentId],
  );
  const rules = [...RULES, { ...ISOLATE, minConfidence: 80 } as AutomationRuleInput];
  const seen = (mayReadIncidents: boolean) =>
    previewAutomation(db.web, { rules, doubtPercent: 20 }, { mayReadIncidents });
  expect(await seen(true)).toMatchObject({
    incidents: 1,
    capped: false,
    actions: [
      { action: "collect_artifacts", count: 1, incidents: 1 },
      { action: "isolate_host", count: 1, incidents: 1 },
    ],
  });
  expect((await seen(true)).examples.map(({ target }) => target)).toEqual(["srv-9", "srv-9"]);
  expect((await seen(false)).examples.map(({ target }) => target)).toEqual([null, null]);
  const none = await previewAutomation(
    db.web,
    { rules: [], doubtPercent: 20 },
    { mayReadIncidents: true },
  );
  expect(none).toMatchObject({ incidents: 1, actions: [], examples: [] });
});

test("an endpoint that was isolated by itself is counted for the notice to leads, for a day", async () => {
  const eve = await makePerson(db, "admin", "eve");
  await publishRules(db.pools.web, {
    admins: [adm!, eve],
    rules: [COLLECT, ISOLATE],
    owner: db.pools.owner,
  });
  const { incidentId } = await makeCollectable(db, { sourceId });
  expect((await queueCounts(db.web, null)).isolated).toBe(0);
  await act(db.pools.worker, incidentId);
  expect((await queueCounts(db.web, null)).isolated).toBe(0);
  await act(db.pools.worker, incidentId, { action: "isolate_host" });
  expect((await queueCounts(db.web, null)).isolated).toBe(1);
});
