import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import { startFakeModel, type Answer, type FakeModel, type FakeRequest, type Script } from "#e2e/fake-model/server.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { requestSummary } from "#lib/commands/request-summary.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { anthropicModel } from "#lib/copilot/anthropic.ts";
import type { Model } from "#lib/copilot/answer.ts";
import { summariseV1 } from "#lib/copilot/prompts/summarise-v1.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { verifyLines } from "#lib/trail/verify.ts";
import { summarise } from "./summarise.ts";

const SYSTEM = { kind: "system", id: "test" } as const;
const TITLE = "Suspicious PowerShell";
const FAILURES = 5;

let db: TestDatabase;
let sourceId: string;
let fake: FakeModel | null = null;

beforeAll(async () => {
  db = await testDatabase();
  await publishPrompt(db.worker, summariseV1, SYSTEM);
  sourceId = (await createSource(db.web, { name: "Test source", format: "generic" }, SYSTEM)).id;
});
afterEach(async () => {
  await fake?.close();
  fake = null;
});
afterAll(() => db.close());

/** An incident of one high alert and five failed logons. */
async function openIncident(): Promise<string> {
  const records = [
    { id: randomUUID(), kind: "alert", time: "2026-03-01T02:14:07Z", severity: "high", title: TITLE, host: "ws-014", user: "j.doe" },
    ...Array.from({ length: FAILURES }, (_, i) => logonFailure(i)),
  ];
  return ingest(randomUUID(), records);
}

function logonFailure(i: number): object {
  const time = `2026-03-01T02:1${i}:30Z`;
  return { id: randomUUID(), kind: "event", time, title: "logon failed", action: "logon", outcome: "failure", host: "ws-014", "source.ip": "203.0.113.7" };
}

async function ingest(incidentKey: string, records: object[]): Promise<string> {
  const bytes = records.map((record, index) => ({ index, bytes: Buffer.from(JSON.stringify(record)) }));
  const source = { id: sourceId, name: "Test source" };
  const result = await ingestRecords(db.web, { source, format: "generic", incidentKey, records: bytes, normalise });
  expect(result).toMatchObject({ accepted: records.length, rejected: [] });
  return result.incidents[0]!.id;
}

async function modelThat(script: Script | Answer): Promise<Model> {
  fake = await startFakeModel({ script: typeof script === "function" ? script : () => script });
  return anthropicModel({ model: "fake-1", apiKey: "test-key", baseUrl: fake.url });
}

async function summaries(incidentId: string) {
  const all = await listSummaries(db.web, incidentId);
  return { rules: all.find(({ origin }) => origin === "rules"), model: all.find(({ origin }) => origin === "model") };
}

async function trailKinds(incidentId: string): Promise<string[]> {
  const { rows } = await db.pools.auditor.query<{ kind: string }>("select kind from trail.entry where incident_id = $1 order by seq", [incidentId]);
  return rows.map(({ kind }) => kind);
}

const UNUSED = { evidence: [] as string[], where: "", field: "", value: "", cmp: "none", n: 0, within_s: 0 };

function alertOf(request: FakeRequest) {
  return shownRecords(request).find(({ kind }) => kind === "alert")!;
}

function claimOn(id: string, text: string, over: object = {}): object {
  const predicates = [
    { ...UNUSED, op: "field", evidence: [id], field: "alert.title", value: TITLE },
    { ...UNUSED, op: "field", evidence: [id], field: "host", value: "ws-014" },
  ];
  return { text, kind: "observation", polarity: "affirmed", citations: [{ id, quote: TITLE }], predicates, ...over };
}

test("without a model the rules summary stands alone, and every claim of it holds", async () => {
  const incidentId = await openIncident();
  const outcome = await summarise(incidentId, { db: db.worker, model: null });
  expect(outcome).toMatchObject({ rules: { issued: true, version: 1 }, model: null });
  const { rules, model } = await summaries(incidentId);
  expect(model).toBeUndefined();
  expect(rules).toMatchObject({ state: "complete", stale: false, generator: "rules/1", evidenceCount: 1 + FAILURES });
  expect(rules!.claims.length).toBeGreaterThan(2);
  expect(rules!.claims.map(({ text, standing }) => [text, standing])).toEqual(rules!.claims.map(({ text }) => [text, "supported"]));
  for (const { quote, start, end, evidenceId } of rules!.claims.flatMap(({ citations }) => citations)) {
    const { raw } = await db.web.evidenceItem.findUniqueOrThrow({ where: { id: evidenceId! } });
    expect(Buffer.from(raw).toString("utf8").slice(start!, end!)).toBe(quote);
  }
  expect(await trailKinds(incidentId)).toEqual(["incident.opened", "evidence.sealed", "summary.issued"]);
});

test("the same evidence read by the same rules makes no second version; new evidence does", async () => {
  const key = randomUUID();
  const incidentId = await ingest(key, [logonFailure(0)]);
  await summarise(incidentId, { db: db.worker, model: null });
  expect(await summarise(incidentId, { db: db.worker, model: null })).toMatchObject({ rules: { issued: false } });
  await ingest(key, [logonFailure(1)]);
  expect((await summaries(incidentId)).rules?.stale).toBe(true);
  expect(await summarise(incidentId, { db: db.worker, model: null })).toMatchObject({ rules: { issued: true, version: 2 } });
  expect((await summaries(incidentId)).rules).toMatchObject({ stale: false, evidenceCount: 2 });
});

test("a summary changes the claims hash and with it the incident's version", async () => {
  const incidentId = await openIncident();
  const before = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  await summarise(incidentId, { db: db.worker, model: null });
  const after = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(after.version).toBe(before.version + 1n);
  expect(Buffer.from(after.claimsHash).equals(before.claimsHash)).toBe(false);
  expect(after.summaryStanding).toBe("supported");
});

test("the request is on record before it is sent, byte for byte", async () => {
  const incidentId = await openIncident();
  const model = await modelThat(async (request) => {
    const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
    expect(run).toMatchObject({ state: "streaming", request: request.text, response: null });
    expect(Buffer.from(run.requestSha256).equals(sha256(request.text))).toBe(true);
    expect((await trailKinds(incidentId)).at(-1)).toBe("model_run.started");
    expect((await summaries(incidentId)).model).toBeUndefined();
    return { type: "claims", claims: [claimOn(alertOf(request).id, `"${TITLE}" is an alert on ws-014.`)] };
  });
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "issued", state: "complete" } });
  const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
  expect(run).toMatchObject({ state: "finished", stopReason: "end_turn", requestId: "req_fake", error: null });
  expect(run.response).toContain("event: message_stop");
  expect((await trailKinds(incidentId)).slice(-3)).toEqual(["model_run.started", "model_run.finished", "summary.issued"]);
});

test("good claims match the evidence; a made-up host, a wrong count and a quote that is not there do not", async () => {
  const incidentId = await openIncident();
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
        claimOn(id, `"${TITLE}" is an alert on ws-014.`, { citations: [{ id, quote: "these words stand nowhere" }] }),
        claimOn("E999", `"${TITLE}" is an alert on ws-014.`),
      ],
    };
  });
  await summarise(incidentId, { db: db.worker, model });
  const { model: summary } = await summaries(incidentId);
  expect(summary).toMatchObject({ state: "complete", generator: "fake-1", promptVersion: "summarise/1", notMentioned: [] });
  const standings = summary!.claims.map(({ standing }) => standing);
  expect(standings.slice(0, 2)).toEqual(["supported", "supported"]);
  expect(["unsupported", "contradicted"]).toContain(standings[2]);
  expect(standings[3]).toBe("contradicted");
  expect(standings[4]).toBe("unsupported");
  expect(standings[5]).toBe("unsupported");
  expect(summary!.claims[0]!.citations[0]).toMatchObject({ label: "E1", quote: TITLE, start: expect.any(Number) as number });
  expect(summary!.claims[4]!.citations[0]).toMatchObject({ start: null, end: null });
  expect(summary!.claims[5]!.citations[0]).toMatchObject({ label: "E999", evidenceId: null });
  expect((await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } })).summaryStanding).toBe("contradicted");
});

test("a high alert that the model passes over is listed", async () => {
  const incidentId = await openIncident();
  const model = await modelThat({ type: "claims", claims: [] });
  await summarise(incidentId, { db: db.worker, model });
  expect((await summaries(incidentId)).model?.notMentioned).toMatchObject([{ label: "E1", title: TITLE, severity: "high" }]);
});

test("a refusal is stored and shown as one, beside the rules summary", async () => {
  const incidentId = await openIncident();
  const model = await modelThat({ type: "refusal", category: "cyber" });
  await summarise(incidentId, { db: db.worker, model });
  const { rules, model: summary } = await summaries(incidentId);
  expect(rules?.claims.length).toBeGreaterThan(0);
  expect(summary).toMatchObject({ state: "incomplete", stateReason: "The model refused to answer (cyber).", claims: [] });
  expect(await db.web.modelRun.findFirst({ where: { incidentId } })).toMatchObject({ state: "refused", stopReason: "refusal" });
  expect((await trailKinds(incidentId)).slice(-2)).toEqual(["model_run.failed", "summary.issued"]);
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "nothing" } });
  expect(fake?.requests).toHaveLength(1);
});

test("a stream that breaks leaves an incomplete summary with its reason, and the answer as far as it came", async () => {
  const incidentId = await openIncident();
  const model = await modelThat((request) => {
    const whole = JSON.stringify({ claims: [claimOn(alertOf(request).id, `"${TITLE}" is an alert on ws-014.`), claimOn("E2", "Half a cla")] });
    return { type: "broken", partial: whole.slice(0, -30) };
  });
  await summarise(incidentId, { db: db.worker, model });
  const { model: summary } = await summaries(incidentId);
  expect(summary).toMatchObject({ state: "incomplete", stateReason: expect.stringMatching(/^The .+\.$/) as string });
  expect(summary!.claims.map(({ standing }) => standing)).toEqual(["supported"]);
  const run = await db.web.modelRun.findFirstOrThrow({ where: { incidentId } });
  expect(run).toMatchObject({ state: "failed", error: summary!.stateReason });
  expect(run.response).toContain("content_block_delta");
  expect(run.response).not.toContain("message_stop");
});

test("an overloaded model gives no summary, is worth another try, and is asked four times at most", async () => {
  const incidentId = await openIncident();
  const model = await modelThat({ type: "error", status: 529, errorType: "overloaded_error" });
  for (let attempt = 1; attempt <= 4; attempt++) {
    expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "failed", mayRetry: true, reason: "The model is overloaded." } });
  }
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "nothing" } });
  expect((await summaries(incidentId)).model).toBeUndefined();
  const runs = await db.web.modelRun.findMany({ where: { incidentId } });
  expect(runs.map(({ state, response }) => [state, response?.includes("overloaded_error")])).toEqual(Array.from({ length: 4 }, () => ["failed", true]));
});

test("a person who asks anew gets a second answer over the same evidence", async () => {
  const incidentId = await openIncident();
  const model = await modelThat({ type: "claims", claims: [] });
  await summarise(incidentId, { db: db.worker, model });
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "nothing" } });
  await requestSummary(db.web, { incidentId }, { kind: "person", id: randomUUID() });
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "issued" } });
  expect((await summaries(incidentId)).model).toMatchObject({ version: 2 });
});

test("a run that another worker left open is closed as failed, and its answer is never shown", async () => {
  const incidentId = await openIncident();
  const model = await modelThat(async ({ number }) => {
    if (number > 1) return { type: "claims", claims: [] };
    // while the first answer is under way, the work is taken up a second time
    await summarise(incidentId, { db: db.worker, model });
    return { type: "claims", claims: [claimOn("E1", "Too late.")] };
  });
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ model: { did: "failed" } });
  const { model: summary } = await summaries(incidentId);
  expect(summary).toMatchObject({ version: 1, claims: [] });
  const runs = await db.web.modelRun.findMany({ where: { incidentId }, orderBy: { startedAt: "asc" } });
  expect(runs.map(({ state }) => state)).toEqual(["failed", "finished"]);
});

test("characters that a database cannot keep, in evidence and answer, change nothing", async () => {
  const incidentId = await ingest(randomUUID(), [{ id: randomUUID(), kind: "alert", time: "2026-03-01T02:14:07Z", severity: "high", title: "NUL \u0000 alert", host: "ws-\u0000" }]);
  const model = await modelThat({ type: "text", text: '{"claims":[{"text":"a\\u0000b \\ud800","kind":"observation","polarity":"affirmed","citations":[{"id":"E1","quote":"\\u0000\\ud800 xx"}],"predicates":[]}]}' });
  expect(await summarise(incidentId, { db: db.worker, model })).toMatchObject({ rules: { issued: true }, model: { did: "issued" } });
});

test("everything the pipeline wrote stands on a trail that verifies", async () => {
  const lines: string[] = [];
  for await (const line of exportTrail(db.auditor)) lines.push(line.trimEnd());
  expect(await verifyLines(lines)).toMatchObject({ scope: "log", holds: true });
});
