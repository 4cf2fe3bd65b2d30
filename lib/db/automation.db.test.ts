import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  aDayAfterSigning,
  act,
  addAlert,
  addSummary,
  COLLECT,
  draftRules,
  ISOLATE,
  lift,
  makeCollectable,
  publishRules,
  signRules,
  stop,
} from "./testing-automation.ts";
import { GUARD_CODES } from "./testing-attacks.ts";
import { propose, refusal } from "./testing-gate.ts";
import { makeIncident, makePerson, makeSource } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import { testDatabase } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

let db: TestDatabase;
let sourceId: string;
let [ana, lea, adm, eve]: TestPerson[] = [];
beforeAll(async () => {
  db = await testDatabase();
  ({ id: sourceId } = await makeSource(db));
  [ana, lea, adm, eve] = await Promise.all([
    makePerson(db, "analyst", "ana"),
    makePerson(db, "lead", "lea"),
    makePerson(db, "admin", "adm"),
    makePerson(db, "admin", "eve"),
  ]);
});
afterAll(() => db.close());

async function one<T>(sql: string, values: unknown[] = []): Promise<T> {
  const { rows } = await db.pools.owner.query(sql, values);
  return rows[0] as T;
}

const entryOf = (kind: string) =>
  one<{ actor: string; payload: Record<string, unknown> }>(
    `select e.actor, convert_from(p.bytes, 'UTF8')::jsonb as payload from trail.entry e join trail.payload p using (seq)
     where e.kind = $1 order by e.seq desc limit 1`,
    [kind],
  );
const judged = async (incidentId: string, action = "collect_artifacts", target = "ws-17") => {
  const { j } = await one<{ j: { reasons: { code: string; sentence: string }[]; values: object } }>(
    "select gate.judge_automation($1, $2, $3) as j",
    [incidentId, action, target],
  );
  return j;
};

test("collecting runs by itself, once, with its response, a notice, its values and an entry; the incident stays as it is", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId, tactic: "Credential Access" });
  const before = await one("select * from incident where id = $1", [incidentId]);
  const id = await act(db.pools.worker, incidentId, { target: " WS-17 " });
  const row = await one<Record<string, unknown>>("select * from automatic_act where id = $1", [id]);
  expect(row).toMatchObject({ target: "ws-17", rule_version: 1, rule_number: 1 });
  expect(row["values"]).toMatchObject({
    number: expect.any(Number),
    types: ["credential-access"],
    blastRadius: "collection",
    alerts: 1,
    sources: 1,
    alertSeverity: "high",
    claims: 1,
    supported: 1,
    confidence: { claims: 40, severity: 20, sources: 10, total: 70 },
    stops: [],
    lastHour: 0,
    rule: { version: 1, number: 1, minConfidence: 50 },
  });
  const { text } = await one<{ text: string }>(
    "select trail.canonical(values) as text from automatic_act where id = $1",
    [id],
  );
  expect(createHash("sha256").update(text).digest()).toEqual(row["values_sha256"]);
  expect(
    await one(
      "select decision_id, outcome, incident_id from response_run where automatic_act_id = $1",
      [id],
    ),
  ).toEqual({ decision_id: null, outcome: "unknown", incident_id: incidentId });
  expect(
    await one(
      "select count(*)::int as n from outbox where kind = 'automation.acted' and incident_id = $1",
      [incidentId],
    ),
  ).toEqual({ n: 1 });
  expect(await entryOf("response.automatic")).toMatchObject({
    actor: "system:automation",
    payload: { act: id, action: "collect_artifacts", target: "ws-17", rule: "1.1", confidence: 70 },
  });
  expect(await one("select * from incident where id = $1", [incidentId])).toEqual(before);
  expect(await refusal(() => act(db.pools.worker, incidentId))).toMatch(/^G32 this ran already/);
});

test("fifty workers at once do it once", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId });
  const told = await Promise.all(
    Array.from({ length: 50 }, () => refusal(() => act(db.pools.worker, incidentId))),
  );
  expect(told.filter((words) => words === "passed")).toHaveLength(1);
  expect(told.filter((words) => words.startsWith("G32 "))).toHaveLength(49);
});

test("isolating does not run by itself until two different admins have signed a rule for it and a day has passed", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId, severity: "critical" });
  const isolate = () => refusal(() => act(db.pools.worker, incidentId, { action: "isolate_host" }));
  expect(await isolate()).toMatch(/^G30 no rule in force/);
  const draft = await draftRules(db.pools.web, { admin: adm!, rules: [COLLECT, ISOLATE] });
  expect(await isolate()).toMatch(/^G30 /);
  expect(await signRules(db.pools.web, draft, adm!)).toBe("proposed");
  expect(await signRules(db.pools.web, draft, adm!)).toBe("proposed");
  expect(await isolate()).toMatch(/^G30 /);
  expect((await entryOf("policy.automation_signed")).actor).toBe(`person:${adm!.id}`);
  expect(await signRules(db.pools.web, draft, eve!)).toBe("scheduled");
  expect((await entryOf("policy.automation_published")).payload["signers"]).toHaveLength(2);
  expect(await isolate()).toMatch(/^G30 /);
  await aDayAfterSigning(db.pools.owner);
  expect(await isolate()).toBe("passed");
  expect(
    await one("select status, contained_by from incident where id = $1", [incidentId]),
  ).toEqual({
    status: "new",
    contained_by: null,
  });
});

test("a second isolation in one incident is for people, and so is the third of an hour", async () => {
  const { incidentId, alertId } = await makeCollectable(db, { sourceId });
  await addAlert(db, incidentId, { sourceId, host: "ws-18" });
  await addSummary(db, incidentId, [{ standing: "supported", cites: alertId }]);
  const isolate = (target: string, incident = incidentId) =>
    refusal(() => act(db.pools.worker, incident, { action: "isolate_host", target }));
  expect(await isolate("ws-17")).toBe("passed");
  expect(await isolate("ws-18")).toMatch(/^G3[01] /);
  const other = await makeCollectable(db, { sourceId });
  expect(await isolate("ws-17", other.incidentId)).toMatch(/^G34 the limit of the hour/);
});

test("a version that another one overtook cannot be signed", async () => {
  const rules = [COLLECT];
  const early = await draftRules(db.pools.web, { admin: adm!, rules });
  const late = await draftRules(db.pools.web, { admin: adm!, rules });
  expect(await signRules(db.pools.web, late, adm!)).toBe("in_force");
  expect(await refusal(() => signRules(db.pools.web, early, eve!))).toMatch(/^G11 stale/);
});

test.each([
  ["an alert that names nobody", { host: null }],
  ["an account", { target: "j.doe" }],
  ["two systems in one breath", { target: "ws-17, ws-18" }],
])("no act on %s", async (_, { host, target = "ws-17" }: { host?: null; target?: string }) => {
  const { incidentId } = await makeCollectable(db, { sourceId, host });
  expect(await refusal(() => act(db.pools.worker, incidentId, { target }))).toMatch(/^G3[01] /);
});

test.each(["disable_account", "revoke_sessions", "block_indicator", "quarantine_file", "closure"])(
  "%s never runs by itself, and no rule can say so",
  async (action) => {
    const { incidentId } = await makeCollectable(db, { sourceId });
    const words = await refusal(() => act(db.pools.worker, incidentId, { action }));
    expect(words).toMatch(/^G30 nothing that reaches so far/);
    const drafting = draftRules(db.pools.web, { admin: adm!, rules: [{ ...ISOLATE, action }] });
    expect(await refusal(() => drafting)).toMatch(/automation_rule_reach/);
  },
);

test("claims that conflict, a summary of older evidence and evidence that is not counted speak against it", async () => {
  const { incidentId, alertId } = await makeCollectable(db, { sourceId });
  await addAlert(db, incidentId, { sourceId });
  expect((await judged(incidentId)).reasons).toContainEqual(
    expect.objectContaining({ code: "G31" }),
  );
  const nine = Array.from({ length: 9 }, () => ({ standing: "supported", cites: alertId }));
  await addSummary(db, incidentId, [...nine, { standing: "contradicted", cites: alertId }]);
  const { reasons, values } = await judged(incidentId);
  expect(values).toMatchObject({ confidence: { claims: 36, severity: 20, total: 0 } });
  expect(reasons.map(({ code }) => code)).toEqual(["G30"]);
});

test("what people have in hand does not run by itself beside them", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId });
  await publishRules(db.pools.web, {
    admins: [adm!, eve!],
    rules: [COLLECT, { ...ISOLATE, maxPerHour: 10 }],
    owner: db.pools.owner,
  });
  await propose(db.pools.web, { incidentId, proposer: ana!, kind: "containment" });
  expect(await refusal(() => act(db.pools.worker, incidentId, { action: "isolate_host" }))).toMatch(
    /^G32 people have it in hand/,
  );
});

test("a stop counts from its commit, for what it names; a lead's signature lifts it", async () => {
  const [one, other] = [
    await makeCollectable(db, { sourceId, tactic: "exfiltration" }),
    await makeCollectable(db, { sourceId, tactic: "impact" }),
  ];
  const codes = async ({ incidentId }: { incidentId: string }) =>
    (await judged(incidentId)).reasons.map(({ code }) => code);
  for (const scope of [
    { scope: "global" },
    { scope: "incident_type", type: "exfiltration" },
    { scope: "incident", incidentId: one.incidentId },
  ]) {
    const id = await stop(db.pools.web, ana!, scope);
    expect(await stop(db.pools.web, lea!, scope)).toBe(id);
    expect(await codes(one)).toEqual(["G33"]);
    expect(await codes(other)).toEqual(scope.scope === "global" ? ["G33"] : []);
    expect(await refusal(() => act(db.pools.worker, one.incidentId))).toMatch(
      /^G33 automation is stopped/,
    );
    await lift(db.pools.web, lea!, id);
    await lift(db.pools.web, lea!, id);
    expect(await codes(one)).toEqual([]);
  }
  expect((await entryOf("policy.automation_stopped")).actor).toBe(`person:${ana!.id}`);
  expect((await entryOf("policy.automation_lifted")).actor).toBe(`person:${lea!.id}`);
});

test("an incident whose evidence reads like orders is stopped by itself, with who wrote it", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId, instructionLike: 6 });
  expect(await refusal(() => act(db.pools.worker, incidentId))).toMatch(
    /^G33 the evidence or the claims/,
  );
  const halt = async () =>
    (await db.pools.worker.query("select gate.stop_doubtful($1) as id", [incidentId])).rows[0].id;
  const id = await halt();
  expect(await halt()).toBeNull();
  expect(
    await one("select scope, reason, values, person_id from automation_stop where id = $1", [id]),
  ).toEqual({
    scope: "incident",
    reason: "1 records read like instructions (E1).",
    values: expect.objectContaining({
      instructions: 1,
      records: ["E1"],
      writers: [expect.stringMatching(/^source-/)],
    }),
    person_id: null,
  });
  expect((await entryOf("policy.automation_stopped")).actor).toBe("system:automation");
  await lift(db.pools.web, lea!, id);
  // a person looked at this record; another one is another doubt
  expect((await judged(incidentId)).reasons).toEqual([]);
  const again = await addAlert(db, incidentId, { sourceId, instructionLike: 4 });
  await addSummary(db, incidentId, [{ standing: "supported", cites: again }]);
  expect(await halt()).not.toBeNull();
});

test("an incident is stopped by itself when too many claims of a summary do not hold", async () => {
  const { incidentId, alertId } = await makeCollectable(db, { sourceId });
  const claims = (bad: number) =>
    Array.from({ length: 10 }, (_, at) => ({
      standing: at < bad ? "unsupported" : "supported",
      cites: alertId,
    }));
  const halt = async () =>
    (await db.pools.worker.query("select gate.stop_doubtful($1) as id", [incidentId])).rows[0].id;
  await addSummary(db, incidentId, claims(2));
  expect(await halt()).toBeNull();
  await addSummary(db, incidentId, claims(3));
  const id = await halt();
  expect(await one("select reason from automation_stop where id = $1", [id])).toEqual({
    reason: "3 of 10 claims of the summary rules/3 do not hold.",
  });
});

test("a refusal is kept once, with every reason and the values", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId, severity: "low" });
  await stop(db.pools.web, ana!, { scope: "incident", incidentId });
  const keep = () =>
    db.pools.worker.query("select gate.keep_refusal($1, 'isolate_host', 'ws-17') as reasons", [
      incidentId,
    ]);
  const { rows } = await keep();
  await keep();
  expect(rows[0].reasons).toEqual([expect.objectContaining({ code: "G33" })]);
  expect(
    await one("select count(*)::int as n from automation_refusal where incident_id = $1", [
      incidentId,
    ]),
  ).toEqual({ n: 1 });
});

test("what came of an automatic response is recorded under its act", async () => {
  const { incidentId } = await makeCollectable(db, { sourceId });
  const id = await act(db.pools.worker, incidentId);
  await db.pools.worker.query(
    "select gate.record_response(id, null, 'verified', 'Done.') from response_run where automatic_act_id = $1",
    [id],
  );
  expect(await entryOf("response.verified")).toMatchObject({
    actor: "system:responder",
    payload: { act: id, target: "ws-17", outcome: "verified" },
  });
});

test("every guard of automation is named by an attack", () => {
  for (let number = 30; number <= 35; number += 1) expect(GUARD_CODES).toContain(`G${number}`);
});

test("an incident that nobody knows, or without evidence, has no act", async () => {
  const { id } = await makeIncident(db);
  expect(await refusal(() => act(db.pools.worker, id))).toMatch(/^G31 /);
  expect(await refusal(() => act(db.pools.worker, "018f0000-0000-7000-8000-000000000000"))).toMatch(
    /^G31 there is no such/,
  );
});
