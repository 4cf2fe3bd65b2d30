import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelRun } from "#lib/commands/cancel-run.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { stopModel } from "#lib/commands/stop-model.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { runEvents } from "#lib/queries/run-events.ts";
import { testCopilot, type TestCopilot } from "../testing-model.ts";
import { alertOf, claimOn, testDesk, TITLE, type TestDesk } from "../testing.ts";
import { runModel } from "./run-model.ts";

let db: TestDatabase;
let desk: TestDesk;
let copilot: TestCopilot;
let analyst: TestPerson;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  copilot = await testCopilot(db);
  analyst = await makePerson(db, "analyst", "asker");
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

const by = (person: TestPerson) =>
  ({ kind: "person", session: null, id: person.id, role: person.role }) as const;
const runOf = (id: string) => db.web.modelRun.findUniqueOrThrow({ where: { id } });
const runsOf = (incidentId: string) =>
  db.web.modelRun.findMany({ where: { incidentId }, orderBy: { queuedAt: "asc" } });
const budget = async () => {
  const rows = await db.owner.modelBudget.findMany({ where: { scope: "all" } });
  return { spent: rows[0]!.spentMicro, reserved: rows[0]!.reservedMicro };
};
const good = `"${TITLE}" is an alert on ws-014.`;
const firstClaim = (id: string): string =>
  JSON.stringify({ claims: [claimOn(id, good), claimOn(id, good)] }).slice(0, -3);

test("an answer that breaks off keeps what was verified, says why, and is asked for again", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) =>
    request.number === 1
      ? { type: "broken", how: "reset", partial: firstClaim(alertOf(request).id) }
      : { type: "claims", claims: [claimOn(alertOf(request).id, good)] },
  );
  const { runId } = await copilot.ask(incidentId);
  const { model: summary } = await desk.summaries(incidentId);
  expect(summary).toMatchObject({ version: 1, state: "incomplete", claims: [{ text: good }] });
  expect(summary!.stateReason).toMatch(/^The .+\.$/);
  const [first, second] = await runsOf(incidentId);
  expect(first).toMatchObject({ id: runId, state: "failed", fault: "connection" });
  expect(first!.error).toBe(summary!.stateReason);
  expect(second).toMatchObject({ state: "queued", attempt: 2 });
  expect(await runModel(second!.id, copilot.context())).toBe("ended");
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 2, state: "complete" });
});

test("a key that the server puts into its answer is stored nowhere", async () => {
  const apiKey = "sk-of-the-desk-echoed-0001";
  const incidentId = await desk.openIncident();
  await copilot.answering(
    (request) => ({
      ...{ type: "claims", answeredBy: apiKey, stopReason: apiKey },
      claims: [
        claimOn(alertOf(request).id, good),
        claimOn(alertOf(request).id, `The key is ${apiKey}.`),
      ],
    }),
    { apiKey },
  );
  const { runId } = await copilot.ask(incidentId);
  expect((await desk.summaries(incidentId)).model?.claims).toMatchObject([{ text: good }]);
  const stored = await db.pools.owner.query<{ all: string }>(
    `select concat(
       (select to_jsonb(r) from model_run r where id = $1),
       (select jsonb_agg(to_jsonb(e)) from run_event e where run_id = $1),
       (select jsonb_agg(to_jsonb(c)) from claim c)) as all`,
    [runId],
  );
  expect(stored.rows[0]!.all).toContain("repeats the key of the model's server");
  expect(stored.rows[0]!.all).not.toContain(apiKey);
  expect((await runOf(runId)).response).not.toContain("echoed");
});

/** Takes up what waits for this incident, so often or until nothing waits; gives how many were sent. */
async function takeUp(incidentId: string, most: number): Promise<number> {
  for (let sent = 0; sent < most; sent += 1) {
    const waiting = (await runsOf(incidentId)).find(({ state }) => state === "queued");
    if (!waiting) return sent;
    expect(await runModel(waiting.id, copilot.context())).toBe("ended");
  }
  return most;
}

test("a server that turns requests away costs nothing and is asked until it is back", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) =>
    request.number <= 7
      ? { type: "error", status: 500, errorType: "api_error" }
      : { type: "claims", claims: [claimOn(alertOf(request).id, good)] },
  );
  const before = await budget();
  await copilot.ask(incidentId);
  expect(await takeUp(incidentId, 6)).toBe(6);
  expect((await desk.summaries(incidentId)).model).toBeUndefined();
  expect(await budget()).toEqual(before);
  expect(await takeUp(incidentId, 5)).toBe(1);
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 1, state: "complete" });
});

test("an answer that may have been paid for is asked for a few times only", async () => {
  const [silent, flawed] = [await desk.openIncident(), await desk.openIncident()];
  await copilot.answering({ type: "broken", how: "cut", partial: "" });
  await copilot.ask(silent);
  expect(await takeUp(silent, 20)).toBe(7);
  await copilot.answering((request) => ({
    ...{ type: "broken", how: "cut", partial: firstClaim(alertOf(request).id) },
  }));
  await copilot.ask(flawed);
  expect(await takeUp(flawed, 20)).toBe(3);
  expect((await runsOf(flawed)).map(({ state }) => state)).not.toContain("queued");
});

test("a refusal after the first claim keeps it, and is not asked again", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) => ({
    ...{ type: "refusal", category: "cyber", partial: firstClaim(alertOf(request).id) },
  }));
  await copilot.ask(incidentId);
  expect((await desk.summaries(incidentId)).model).toMatchObject({
    ...{ state: "incomplete", stateReason: "The model refused to answer (cyber)." },
    claims: [{ text: good }],
  });
  expect(await runsOf(incidentId)).toMatchObject([{ state: "refused" }]);
});

test("the kill switch ends a running answer within seconds, and nothing is queued again", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) => ({
    ...{ type: "stalled", partial: firstClaim(alertOf(request).id) },
  }));
  const runId = await copilot.queue(incidentId);
  const ended = runModel(runId, copilot.context());
  await expect.poll(() => runEvents(db.web, runId), { timeout: 10_000 }).toHaveLength(2);
  const stoppedAt = performance.now();
  await stopModel(db.web, { reason: "It writes nonsense." }, by(copilot.admin()));
  expect(await ended).toBe("ended");
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  expect(await runsOf(incidentId)).toMatchObject([
    { state: "cancelled", fault: "stopped", error: "The model was switched off." },
  ]);
  expect((await desk.summaries(incidentId)).model).toMatchObject({ state: "incomplete" });
  expect((await budget()).reserved).toBe(0n);
});

test("a person cancels a question that waits, and one that is being answered", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) => ({
    ...{ type: "stalled", partial: firstClaim(alertOf(request).id) },
  }));
  const ask = () =>
    requestRun(
      db.web,
      { kind: "answer", incidentId, question: "Who logged on?", idem: randomUUID() },
      by(analyst),
    );
  const { runId: waiting } = await ask();
  await cancelRun(db.web, { runId: waiting }, by(analyst));
  expect(await runModel(waiting, copilot.context())).toBe("nothing");
  const { runId } = await ask();
  const ended = runModel(runId, copilot.context());
  await expect.poll(() => runEvents(db.web, runId), { timeout: 10_000 }).toHaveLength(2);
  await cancelRun(db.web, { runId }, by(analyst));
  await ended;
  expect((await runEvents(db.web, runId)).at(-1)).toMatchObject({
    kind: "done",
    data: { state: "cancelled", isComplete: false },
  });
});

test("a question is answered in claims with standings and makes no summary", async () => {
  const incidentId = await desk.openIncident();
  const question = "Which host is it?";
  await copilot.answering((request) => {
    expect(request.text).toContain(question);
    return { type: "claims", claims: [claimOn(alertOf(request).id, good)] };
  });
  const input = { kind: "answer", incidentId, question, idem: randomUUID() } as const;
  const { runId } = await requestRun(db.web, input, by(analyst));
  expect(await runModel(runId, copilot.context())).toBe("ended");
  expect((await runEvents(db.web, runId))[1]).toMatchObject({
    kind: "claim",
    data: { text: good, standing: "supported" },
  });
  expect((await desk.summaries(incidentId)).model).toBeUndefined();
});

test("a run goes to the model that is in force when it starts, not to the one it was queued for", async () => {
  const incidentId = await desk.openIncident();
  const first = await copilot.answering({ type: "claims", claims: [] });
  const runId = await copilot.queue(incidentId);
  const second = await copilot.answering({ type: "claims", claims: [] }, { model: "fake-2" });
  expect(second.configId).not.toBe(first.configId);
  expect(await runModel(runId, copilot.context())).toBe("ended");
  expect(await runOf(runId)).toMatchObject({ configId: second.configId, model: "fake-2" });
});

test("what a person asks for goes first, and does not keep the worker's own summary from being issued", async () => {
  const key = randomUUID();
  const alert = { id: "a", kind: "alert", time: "2026-03-01T02:14:07Z", severity: "high" };
  const incidentId = await desk.ingest(key, [{ ...alert, title: TITLE, host: "ws-014" }]);
  await copilot.answering((request) => ({
    ...{ type: "claims", claims: [claimOn(alertOf(request).id, good)] },
  }));
  const own = await copilot.queue(incidentId);
  const input = { kind: "summary", incidentId, question: null, idem: randomUUID() } as const;
  const asked = await requestRun(db.web, input, by(analyst));
  expect(await runModel(asked.runId, copilot.context())).toBe("ended");
  await desk.ingest(key, [{ ...alert, id: "b", title: "Another", host: "ws-014" }]);
  expect(await runModel(own, copilot.context())).toBe("ended");
  expect((await desk.summaries(incidentId)).model).toMatchObject({ version: 2, evidenceCount: 2 });
});

test("a summary that the worker queued is not written when a person's request covered the same evidence", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering({ type: "claims", claims: [] });
  const own = await copilot.queue(incidentId);
  const input = { kind: "summary", incidentId, question: null, idem: randomUUID() } as const;
  const asked = await requestRun(db.web, input, by(analyst));
  await runModel(asked.runId, copilot.context());
  expect(await runModel(own, copilot.context())).toBe("never");
  expect(copilot.fake().requests).toHaveLength(1);
});

test("what can never be sent ends in a sentence: a key of another installation, a budget too small", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering({ type: "claims", claims: [] });
  const runId = await copilot.queue(incidentId);
  expect(await runModel(runId, copilot.context({ sealKey: null }))).toBe("never");
  expect(await runOf(runId)).toMatchObject({ state: "failed", fault: "credentials" });
  const price = { input: 1, output: 1_000_000_000, cacheRead: 1, cacheWrite: 1 };
  await copilot.answering({ type: "claims", claims: [] }, { profile: { price } });
  const dear = await copilot.queue(incidentId);
  expect(await runModel(dear, copilot.context())).toBe("never");
  expect(await runOf(dear)).toMatchObject({
    ...{ state: "failed", fault: "spend_limit", request: null },
    error: expect.stringMatching(/cost more than one request may/) as string,
  });
  expect(copilot.fake().requests).toEqual([]);
});

test("an answer that the database refuses is an end like any other, and is not asked for again", async () => {
  const incidentId = await desk.openIncident();
  await copilot.answering((request) => ({
    type: "claims",
    claims: [claimOn(alertOf(request).id, good), claimOn(alertOf(request).id, "Poison.")],
    ...{ chunkChars: 200, chunkDelayMs: 50 },
  }));
  await db.pools.owner.query(
    "alter table run_event add constraint poison check (data ->> 'text' is distinct from 'Poison.') not valid",
  );
  const { runId, took } = await copilot.ask(incidentId);
  await db.pools.owner.query("alter table run_event drop constraint poison");
  expect(took).toBe("ended");
  expect(await runsOf(incidentId)).toMatchObject([
    { id: runId, state: "failed", fault: "answer", error: "The answer could not be stored." },
  ]);
  expect((await desk.summaries(incidentId)).model).toMatchObject({
    ...{ state: "incomplete", claims: [{ text: good }] },
  });
  expect((await budget()).reserved).toBe(0n);
});
