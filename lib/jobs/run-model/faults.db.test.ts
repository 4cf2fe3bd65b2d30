/**
 * Everything that may go wrong with a model, one test each: a real server, a real database, the whole way from the queue
 * to the summary. After each fault: the run has ended once and says why in a sentence, what was verified stays, the money
 * is settled, and another attempt is made only where it may help.
 */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { honestAnswer } from "#e2e/fake-model/claims-from-evidence.ts";
import { faulty, faultyAtFirst, type FaultName } from "#e2e/fake-model/faults.ts";
import {
  startFakeModel,
  type FakeModel,
  type Script,
  type ServerTraits,
} from "#e2e/fake-model/server.ts";
import { auditRuns } from "#lib/cli/prove/drill/audit.ts";
import { activateForTest } from "#lib/db/testing-copilot.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import type { ModelProfile } from "#lib/domain/copilot/profile.ts";
import type { RunFault, RunState } from "#lib/domain/copilot/run.ts";
import { findRun } from "#lib/queries/find-run.ts";
import { runEvents } from "#lib/queries/run-events.ts";
import { testCopilot, type TestCopilot } from "../testing-model.ts";
import { testDesk, type TestDesk } from "../testing.ts";
import { runModel } from "./run-model.ts";

let db: TestDatabase;
let desk: TestDesk;
let copilot: TestCopilot;

beforeAll(async () => {
  db = await testDatabase();
  desk = await testDesk(db);
  copilot = await testCopilot(db);
});
afterAll(async () => {
  await copilot.close();
  await db.close();
});

/** Short limits, so that what never ends ends soon; a server that is merely slow stays within them. */
const PROFILE = { timeoutSeconds: 4, idleSeconds: 2 };
/** The alerts of an incident here, and so the claims of a good answer. */
const ALERTS = 3;

function openIncident(alerts = ALERTS): Promise<string> {
  const alert = (n: number) => ({
    id: randomUUID(),
    kind: "alert",
    time: new Date(Date.UTC(2026, 2, 1, 2, n)).toISOString(),
    severity: "high",
    title: `Odd logon number ${n}`,
    host: "ws-014",
  });
  return desk.ingest(
    randomUUID(),
    Array.from({ length: alerts }, (_, n) => alert(n)),
  );
}

/** Takes up the next attempt of what was asked about this incident, once it may be sent; null when there is none. */
async function nextAttempt(incidentId: string): Promise<string | null> {
  const next = await db.web.modelRun.findFirst({ where: { incidentId, state: "queued" } });
  if (!next) return null;
  await vi.waitUntil(() => Date.now() >= next.notBefore.getTime(), { timeout: 5_000 });
  expect(await runModel(next.id, copilot.context())).toBe("ended");
  return next.id;
}

type Row = {
  state: RunState;
  fault: RunFault | null;
  says: RegExp;
  /** Claims that were whole when it happened: stored, verified and shown. */
  claims: number;
  /** Asked again it gives a whole answer. */
  recovers: boolean;
};

const gone = { claims: 0, recovers: true } as const;
const final = { claims: 0, recovers: false } as const;
const failed = (fault: RunFault, says: RegExp, more: Partial<Row>) =>
  ({ state: "failed", fault, says, ...more }) as Row;
const flawed = (says: RegExp, claims: number) =>
  ({ state: "finished", fault: "answer", says, claims, recovers: false }) as Row;

const ROWS: [string, FaultName, Row][] = [
  ["429 with retry-after", "rate_limited_wait", failed("rate_limited", /rate limit/, gone)],
  ["429 without retry-after", "rate_limited", failed("rate_limited", /rate limit/, gone)],
  ["the spend limit is reached", "spend_limit", failed("spend_limit", /spending limit/, final)],
  ["529", "overloaded", failed("overloaded", /overloaded/, gone)],
  ["500", "server_error", failed("server", /server failed \(api_error, 500\)/, gone)],
  ["a proxy's page with 502", "bad_gateway_page", failed("server", /server failed/, gone)],
  ["no answer in time", "silent", failed("timeout", /in time|nothing for too long/, gone)],
  [
    "reset before the answer",
    "reset_before",
    failed("connection", /cannot be reached|broke/, gone),
  ],
  [
    "reset in the middle",
    "reset_middle",
    failed("connection", /broke off/, { ...gone, claims: 1 }),
  ],
  ["cut in the middle", "cut_middle", failed("connection", /broke off/, { ...gone, claims: 1 })],
  [
    "silence in the middle",
    "stalled",
    failed("timeout", /nothing for too long/, { ...gone, claims: 1 }),
  ],
  [
    "an error event inside a 200 stream",
    "error_in_stream",
    failed("overloaded", /overloaded/, { ...gone, claims: 1 }),
  ],
  [
    "no message_stop",
    "no_message_stop",
    failed("connection", /broke off/, { ...gone, claims: ALERTS }),
  ],
  ["closed as if whole", "closed_early", failed("connection", /broke off/, { ...gone, claims: 1 })],
  ["one byte a second", "one_byte_a_second", failed("timeout", /nothing for too long/, gone)],
  [
    "always a little more",
    "never_done",
    failed("timeout", /did not finish its answer in time/, gone),
  ],
  ["a wrong content type", "wrong_content_type", failed("server", /text\/html/, gone)],
  ["a guest network's page", "plain_page", failed("server", /text\/html/, gone)],
  ["events that are not JSON", "broken_events", failed("answer", /not JSON/, gone)],
  ["a wrong key", "wrong_key", failed("credentials", /refuses the key/, final)],
  ["a request that is too large", "too_large", failed("request", /too large/, final)],
  ["a request that is refused", "bad_request", failed("request", /refuses the request/, final)],
  ["malformed JSON", "malformed_json", flawed(/not the JSON object/, 1)],
  ["a wrong schema", "wrong_schema", flawed(/no claim/, 0)],
  ["an object without claims", "no_claims_at_all", flawed(/not the JSON object|no claim/, 0)],
  [
    "10 MB of claims",
    "flood_of_claims",
    failed("answer", /longer than any answer/, { claims: 60, recovers: false }),
  ],
  ["10 MB of one claim", "flood_of_text", failed("answer", /longer than any answer/, final)],
  ["the longest allowed length", "longest_length", flawed(/longest allowed length/, 1)],
  ["a window that is too small", "window_exceeded", flawed(/too long for the model/, 1)],
  ["prose instead of the schema", "prose", flawed(/not the JSON object/, 0)],
  [
    "a refusal before the first claim",
    "refusal_before",
    { state: "refused", fault: null, says: /refused to answer \(cyber\)/, ...final },
  ],
  [
    "a refusal after the first claim",
    "refusal_after",
    { state: "refused", fault: null, says: /refused to answer \(cyber\)/, ...final, claims: 1 },
  ],
];

describe("a fault of the model's", () => {
  test.each(ROWS)("%s", async (_, name, row) => {
    await copilot.answering(faultyAtFirst(name, 1, honestAnswer), { profile: PROFILE });
    const incidentId = await openIncident();
    const { runId, took } = await copilot.ask(incidentId);
    expect(took).toBe("ended");
    const run = await findRun(db.web, runId);
    expect(run).toMatchObject({ state: row.state, fault: row.fault });
    expect(run!.error).toMatch(row.says);
    expect(run!.claims).toHaveLength(row.claims);
    const last = (await runEvents(db.web, runId)).at(-1);
    expect(last).toMatchObject({ kind: "done", data: { state: row.state, isComplete: false } });
    const isShown = row.claims > 0 || row.state !== "failed";
    const { model: summary } = await desk.summaries(incidentId);
    expect(summary?.state).toBe(isShown ? "incomplete" : undefined);
    expect(summary?.stateReason ?? run!.error).toMatch(row.says);
    const next = await nextAttempt(incidentId);
    expect(next !== null).toBe(row.recovers);
    expect(copilot.fake().requests).toHaveLength(row.recovers ? 2 : 1);
    const { model: final } = await desk.summaries(incidentId);
    const versions = (isShown ? 1 : 0) + (row.recovers ? 1 : 0);
    expect(final?.version ?? 0).toBe(versions);
    expect(final?.state === "complete").toBe(row.recovers);
    expect(await nextAttempt(incidentId)).toBeNull();
  });

  test("all of these left nothing stuck, doubled or unsettled", async () => {
    expect(await auditRuns(db)).toMatchObject({
      ...{ open: 0, withoutReason: 0, withoutEnd: 0, disorder: 0 },
      ...{ summariesWrong: 0, budgetsWrong: 0, trailWrong: 0 },
    });
  });
});

const HARMLESS: FaultName[] = ["empty_thinking", "long_thinking", "fenced", "slow", "other_model"];

test.each(HARMLESS)("what only looks odd gives a whole answer: %s", async (name) => {
  await copilot.answering(faulty(name, honestAnswer), {
    profile: { ...PROFILE, timeoutSeconds: 20 },
  });
  const incidentId = await openIncident();
  const { runId } = await copilot.ask(incidentId);
  const run = await findRun(db.web, runId);
  expect(run).toMatchObject({ state: "finished", error: null, fault: null });
  expect(run!.claims).toHaveLength(ALERTS);
  expect(run!.modelAnswered).toBe(name === "other_model" ? "another-model" : "fake-1");
  expect((await desk.summaries(incidentId)).model).toMatchObject({ state: "complete" });
});

describe("a server that is not what its profile says", () => {
  let fake: FakeModel | null = null;
  afterEach(async () => {
    await fake?.close();
    fake = null;
  });

  /** A summary by a server with these traits, under a profile that expects something else of it. */
  async function askOf(
    traits: ServerTraits & { script?: Script },
    profile: Partial<ModelProfile>,
    alerts = ALERTS,
  ) {
    fake = await startFakeModel({ script: (request) => honestAnswer(request), ...traits });
    const admin = copilot.admin();
    await activateForTest(db, { model: "fake-1", baseUrl: fake.url, admin, profile });
    const incidentId = await openIncident(alerts);
    const { runId, took } = await copilot.ask(incidentId);
    expect(took).toBe("ended");
    const { model: summary } = await desk.summaries(incidentId);
    return { run: (await findRun(db.web, runId))!, summary };
  }

  test("one that drops the evidence is found out by what it says it read", async () => {
    const { run, summary } = await askOf({ dropsBlocks: true }, PROFILE, 50);
    expect(run).toMatchObject({ state: "finished", fault: "answer", claims: [] });
    expect(run.error).toMatch(/it cut the evidence/);
    expect(summary).toMatchObject({ state: "incomplete", claims: [] });
  });

  test("one that cuts a long request at its beginning is found out too", async () => {
    const { run } = await askOf({ contextTokens: 3000 }, PROFILE, 50);
    expect(run.error).toMatch(/it cut the evidence/);
  });

  test("one that ignores the schema is asked in words, and its fence is read", async () => {
    const script: Script = (request) => ({ ...honestAnswer(request), as: "fenced" });
    const traits = { ignoresSchema: true, script };
    const { run, summary } = await askOf(traits, { ...PROFILE, schema: "prompted" });
    expect(fake!.requests[0]!.text).not.toContain("output_config");
    expect(run).toMatchObject({ state: "finished", error: null });
    expect(summary).toMatchObject({ state: "complete" });
    expect(run.claims).toHaveLength(ALERTS);
  });

  test("one that does not count tokens is asked all the same", async () => {
    const { run } = await askOf({ countsTokens: false }, { ...PROFILE, countsTokens: true });
    expect(run).toMatchObject({ state: "finished", error: null });
    expect(run.usage).not.toHaveProperty("counted_tokens");
  });

  test("one that counts them says how many, and what it read again from its cache costs less", async () => {
    const { run } = await askOf({}, { ...PROFILE, countsTokens: true, caches: true });
    expect(run.usage!["counted_tokens"]).toBeGreaterThan(500);
    expect(run.usage!["cache_creation_input_tokens"]).toBeGreaterThan(0);
    expect(fake!.counted).toHaveLength(1);
  });
});
