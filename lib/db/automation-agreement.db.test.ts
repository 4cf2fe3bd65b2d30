/** The judgement is written twice, in TypeScript and in SQL: here they are held against each other. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anyFacts, anyRules } from "#lib/domain/decision/automation-fixtures.ts";
import {
  confidenceOf,
  judgeAutomation,
  type AutomationFacts,
  type AutomationRule,
} from "#lib/domain/decision/automation.ts";
import {
  act,
  addAlert,
  addSummary,
  COLLECT,
  ISOLATE,
  makeCollectable,
  publishRules,
  stop,
} from "./testing-automation.ts";
import { makeIncident, makePerson, makeSource } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

let db: TestDatabase;
let [ana, adm, eve]: TestPerson[] = [];
beforeAll(async () => {
  db = await testDatabase();
  [ana, adm, eve] = await Promise.all([
    makePerson(db, "analyst", "ana"),
    makePerson(db, "admin", "adm"),
    makePerson(db, "admin", "eve"),
  ]);
});
afterAll(() => db.close());

const rowOf = (rule: AutomationRule, blastRadius: string) => ({
  version: 1,
  number: rule.number,
  action: rule.action,
  blast_radius: blastRadius,
  severities: rule.severities,
  incident_types: rule.incidentTypes,
  min_confidence: rule.minConfidence,
  min_sources: rule.minSources,
  max_per_hour: rule.maxPerHour,
  max_per_incident: rule.maxPerIncident,
});

test("over any facts both find the same confidence and the same rule", async () => {
  const cases = fc.sample(fc.tuple(anyFacts(), anyRules()), 4000);
  const asked = cases.map(([facts, rules]) => ({
    facts,
    rules: rules.map((rule) =>
      rowOf(rule, rule.action === "collect_artifacts" ? "collection" : "one_endpoint"),
    ),
  }));
  const { rows } = await db.pools.owner.query(
    `select gate.automation_confidence(f) as confidence, (select min(r.number) from jsonb_populate_recordset(null::automation_rule, c -> 'rules') as r
       where gate.automation_rule_fits(r, f, (gate.automation_confidence(f) ->> 'total')::int)) as rule
     from jsonb_array_elements($1::jsonb) with ordinality as each (c, place), lateral (select c -> 'facts' as f) as given order by place`,
    [JSON.stringify(asked)],
  );
  const ours = cases.map(([facts, rules]) => ({
    confidence: confidenceOf(facts),
    rule: judgeAutomation(facts, { rules, doubtPercent: 20 }).rule?.number ?? null,
  }));
  expect(rows).toEqual(ours);
  // both halves of the question were asked
  expect(ours.filter(({ rule }) => rule !== null).length).toBeGreaterThan(30);
});

test("over stored incidents of every kind both give the same reasons", async () => {
  const { id: sourceId } = await makeSource(db);
  const { id: otherId } = await makeSource(db);
  const incidents = [(await makeIncident(db)).id];
  for (const alert of [
    {},
    { severity: "informational" },
    { severity: "critical", tactic: "impact" },
    { host: null },
    { instructionLike: 4 },
  ]) {
    incidents.push((await makeCollectable(db, { sourceId, ...alert })).incidentId);
  }
  const two = await makeCollectable(db, { sourceId });
  const cites = await addAlert(db, two.incidentId, { sourceId: otherId, host: "ws-18" });
  incidents.push(two.incidentId);
  const late = await makeCollectable(db, { sourceId });
  await addSummary(db, late.incidentId, [
    { standing: "contradicted", cites: late.alertId },
    { standing: "supported", cites: late.alertId },
  ]);
  const halted = await makeCollectable(db, { sourceId });
  await stop(db.pools.web, ana!, { scope: "incident", incidentId: halted.incidentId });
  const done = await makeCollectable(db, { sourceId });
  await act(db.pools.worker, done.incidentId);
  incidents.push(late.incidentId, halted.incidentId, done.incidentId);
  await addSummary(db, two.incidentId, [{ standing: "supported", cites }]);
  const rules = [ISOLATE, { ...COLLECT, maxPerHour: 1 }] as const;
  await publishRules(db.pools.web, {
    admins: [adm!, eve!],
    rules: [...rules],
    owner: db.pools.owner,
  });
  const numbered = rules.map((rule, at) => ({ ...rule, number: at + 1 }) as AutomationRule);
  const codes = new Set<string>();
  for (const incident of incidents) {
    for (const action of ["collect_artifacts", "isolate_host", "disable_account"]) {
      const { rows } = await db.pools.web.query(
        "select gate.judge_automation($1, $2, 'ws-17') as j",
        [incident, action],
      );
      const { values, reasons } = rows[0].j;
      const ours = judgeAutomation(values as AutomationFacts, {
        rules: numbered,
        doubtPercent: 20,
      });
      expect([values.confidence, reasons]).toEqual([ours.confidence, ours.reasons]);
      expect(values.rule?.number ?? null).toBe(ours.rule?.number ?? null);
      for (const { code } of ours.reasons) codes.add(code);
      if (ours.reasons.length === 0) codes.add("none");
    }
  }
  expect([...codes].toSorted()).toEqual(["G30", "G31", "G32", "G33", "G34", "none"]);
});
