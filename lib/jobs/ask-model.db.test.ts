import { UNUSED } from "#lib/domain/summary/claim.ts";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import {
  startFakeModel,
  type Answer,
  type FakeModel,
  type Script,
} from "#e2e/fake-model/server.ts";
import { requestSummary } from "#lib/commands/request-summary.ts";
import { anthropicModel } from "#lib/copilot/anthropic.ts";
import type { Model } from "#lib/copilot/answer.ts";
import { SUMMARISE_PROMPT } from "#lib/copilot/prompts/published.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { askModel } from "./ask-model.ts";
import { summarise } from "./summarise.ts";
import { alertOf, claimOn, FAILURES, testDesk, TITLE, type TestDesk } from "./testing.ts";

let db: TestDatabase;
let desk: TestDesk;
let fake: FakeModel | null = null;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
});
afterEach(async () => {
  await fake?.close();
  fake = null;
});
afterAll(() => db.close());

async function modelThat(script: Script | Answer): Promise<Model> {
  fake = await startFakeModel({ script: typeof script === "function" ? script : () => script });
  return anthropicModel({ model: "fake-1", apiKey: "test-key", baseUrl: fake.url });
}

test("the request is on record before it is sent, byte for byte", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat(async (request) => {
    const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
    expect(run).toMatchObject({ state: "streaming", request: request.text, response: null });
    expect(Buffer.from(run.requestSha256).equals(sha256(request.text))).toBe(true);
    expect((await desk.trailKinds(incidentId)).at(-1)).toBe("model_run.started");
    expect((await desk.summaries(incidentId)).model).toBeUndefined();
    return {
      type: "claims",
      claims: [claimOn(alertOf(request).id, `"${TITLE}" is an alert on ws-014.`)],
    };
  });
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({
    did: "issued",
    state: "complete",
  });
  const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
  expect(run).toMatchObject({
    state: "finished",
    stopReason: "end_turn",
    requestId: "req_fake",
    error: null,
  });
  expect(run.response).toContain("event: message_stop");
  expect((await desk.trailKinds(incidentId)).slice(-3)).toEqual([
    "model_run.started",
    "model_run.finished",
    "summary.issued",
  ]);
});

test("good claims match the evidence; a made-up host, a wrong count and a quote that is not there do not", async () => {
  const incidentId = await desk.openIncident();
  const where = "outcome=failure & host=ws-014";
  const model = await modelThat((request) => {
    const { id } = alertOf(request);
    const event = shownRecords(request).find(({ kind }) => kind === "event")!;
    const count = (n: number) => ({
      ...claimOn(event.id, `${n} events on ws-014 have the outcome failure.`),
      kind: "count",
      citations: [{ id: event.id, quote: "ws-014" }],
      predicates: [{ ...UNUSED, op: "count", where, cmp: "eq", n }],
    });
    return {
      type: "claims",
      claims: [
        claimOn(id, `"${TITLE}" is an alert on ws-014.`),
        count(FAILURES),
        claimOn(id, `"${TITLE}" is an alert on ws-999.`),
        count(FAILURES + 4),
        claimOn(id, `"${TITLE}" is an alert on ws-014.`, {
          citations: [{ id, quote: "these words stand nowhere" }],
        }),
        claimOn("E999", `"${TITLE}" is an alert on ws-014.`),
      ],
    };
  });
  await askModel(incidentId, { db: db.worker, model });
  const { model: summary } = await desk.summaries(incidentId);
  expect(summary).toMatchObject({
    state: "complete",
    generator: "fake-1",
    promptVersion: `summarise/${SUMMARISE_PROMPT.version}`,
    notMentioned: [],
  });
  const standings = summary!.claims.map(({ standing }) => standing);
  expect(standings.slice(0, 2)).toEqual(["supported", "supported"]);
  expect(["unsupported", "contradicted"]).toContain(standings[2]);
  expect(standings[3]).toBe("contradicted");
  expect(standings[4]).toBe("unsupported");
  expect(standings[5]).toBe("unsupported");
  expect(summary!.claims[0]!.citations[0]).toMatchObject({
    label: "E1",
    quote: TITLE,
    start: expect.any(Number) as number,
  });
  expect(summary!.claims[4]!.citations[0]).toMatchObject({ start: null, end: null });
  expect(summary!.claims[5]!.citations[0]).toMatchObject({ label: "E999", evidenceId: null });
  expect(
    (await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } })).summaryStanding,
  ).toBe("contradicted");
});

test("a high alert that the model passes over is listed", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat({ type: "claims", claims: [] });
  await askModel(incidentId, { db: db.worker, model });
  expect((await desk.summaries(incidentId)).model?.notMentioned).toMatchObject([
    { label: "E1", title: TITLE, severity: "high" },
  ]);
});

test("of many alerts, those that the model neither cites nor counts by title are listed, by severity", async () => {
  const finding = (n: number, severity: string, title: string) => ({
    id: randomUUID(),
    kind: "alert",
    time: `2026-03-01T03:0${n}:00Z`,
    severity,
    title,
    host: "ws-014",
  });
  const incidentId = await desk.ingest(randomUUID(), [
    finding(0, "critical", "Backup deleted"),
    finding(1, "high", "Password spray"),
    finding(2, "high", "Password spray"),
    finding(3, "high", "Odd logon"),
    finding(4, "medium", "Port scan"),
    finding(5, "high", "New service"),
  ]);
  const where = "kind=alert & alert.title=Password spray";
  const counting = { ...UNUSED, op: "count", where, cmp: "eq", n: 2 };
  const claims = [
    claimOn("E4", "The alert is on ws-014.", { citations: [{ id: "E4", quote: "Odd logon" }] }),
    {
      ...claimOn("E2", '2 alerts with the title "Password spray".'),
      predicates: [counting],
      citations: [],
    },
  ];
  await askModel(incidentId, { db: db.worker, model: await modelThat({ type: "claims", claims }) });
  const { model } = await desk.summaries(incidentId);
  expect(model?.notMentioned.map(({ label, title, severity }) => [label, title, severity])).toEqual(
    [
      ["E1", "Backup deleted", "critical"],
      ["E6", "New service", "high"],
    ],
  );
});

test("a refusal is stored and shown as one, beside the rules summary", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat({ type: "refusal", category: "cyber" });
  await summarise(db.worker, incidentId);
  await askModel(incidentId, { db: db.worker, model });
  const { rules, model: summary } = await desk.summaries(incidentId);
  expect(rules?.claims.length).toBeGreaterThan(0);
  expect(summary).toMatchObject({
    state: "incomplete",
    stateReason: "The model refused to answer (cyber).",
    claims: [],
  });
  expect(await db.web.modelRun.findFirst({ where: { incidentId } })).toMatchObject({
    state: "refused",
    stopReason: "refusal",
  });
  expect((await desk.trailKinds(incidentId)).slice(-2)).toEqual([
    "model_run.failed",
    "summary.issued",
  ]);
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({ did: "nothing" });
  expect(fake?.requests).toHaveLength(1);
});

test("a stream that breaks leaves an incomplete summary with its reason, and the answer as far as it came", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat((request) => {
    const whole = JSON.stringify({
      claims: [
        claimOn(alertOf(request).id, `"${TITLE}" is an alert on ws-014.`),
        claimOn("E2", "Half a cla"),
      ],
    });
    return { type: "broken", partial: whole.slice(0, -30) };
  });
  await askModel(incidentId, { db: db.worker, model });
  const { model: summary } = await desk.summaries(incidentId);
  expect(summary).toMatchObject({
    state: "incomplete",
    stateReason: expect.stringMatching(/^The .+\.$/) as string,
  });
  expect(summary!.claims.map(({ standing }) => standing)).toEqual(["supported"]);
  const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
  expect(run).toMatchObject({ state: "failed", error: summary!.stateReason });
  expect(run.response).toContain("content_block_delta");
  expect(run.response).not.toContain("message_stop");
});

test("an overloaded model gives no summary, is worth another try, and is asked four times at most", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat({ type: "error", status: 529, errorType: "overloaded_error" });
  for (let attempt = 1; attempt <= 4; attempt++) {
    expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({
      did: "failed",
      mayRetry: true,
      reason: "The model is overloaded.",
    });
  }
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({ did: "nothing" });
  expect((await desk.summaries(incidentId)).model).toBeUndefined();
  const runs = await db.web.modelRun.findMany({ where: { incidentId } });
  expect(
    runs.map(({ state, response }) => [state, response?.includes("overloaded_error")]),
  ).toEqual(Array.from({ length: 4 }, () => ["failed", true]));
});

test("a person who asks anew gets a second answer over the same evidence", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat({ type: "claims", claims: [] });
  await askModel(incidentId, { db: db.worker, model });
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({ did: "nothing" });
  const { id } = await db.owner.person.create({
    data: { email: "anew@desk.test", name: "Anew", role: "analyst", passwordHash: "-" },
    select: { id: true },
  });
  await requestSummary(db.web, { incidentId }, { kind: "person", id });
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({ did: "issued" });
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 2 });
});

test("a run that another worker left open is closed as failed, and its answer is never shown", async () => {
  const incidentId = await desk.openIncident();
  const model = await modelThat(async ({ number }) => {
    if (number > 1) return { type: "claims", claims: [] };
    // while the first answer is under way, the work is taken up a second time
    await askModel(incidentId, { db: db.worker, model });
    return { type: "claims", claims: [claimOn("E1", "Too late.")] };
  });
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({ did: "failed" });
  const { model: summary } = await desk.summaries(incidentId);
  expect(summary).toMatchObject({ version: 1, claims: [] });
  const runs = await db.web.modelRun.findMany({
    where: { incidentId },
    orderBy: { startedAt: "asc" },
  });
  expect(runs.map(({ state }) => state)).toEqual(["failed", "finished"]);
});

test("characters that a database cannot keep, in evidence and answer, change nothing", async () => {
  const incidentId = await desk.ingest(randomUUID(), [
    {
      id: randomUUID(),
      kind: "alert",
      time: "2026-03-01T02:14:07Z",
      severity: "high",
      title: "NUL \u0000 alert",
      host: "ws-\u0000",
    },
  ]);
  const model = await modelThat({
    type: "text",
    text: '{"claims":[{"text":"a\\u0000b \\ud800","kind":"observation","polarity":"affirmed","citations":[{"id":"E1","quote":"\\u0000\\ud800 xx"}],"predicates":[]}]}',
  });
  expect(await summarise(db.worker, incidentId)).toMatchObject({ issued: true });
  expect(await askModel(incidentId, { db: db.worker, model })).toMatchObject({ did: "issued" });
});

test("everything the runs wrote stands on a trail that verifies", async () => {
  const lines: string[] = [];
  for await (const line of exportTrail(db.auditor)) lines.push(line.trimEnd());
  expect(await verifyLines(lines)).toMatchObject({ scope: "log", holds: true });
});
