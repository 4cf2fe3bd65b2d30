import { afterEach, expect, test } from "vitest";
import { FAULTS, type FaultName } from "#e2e/fake-model/faults.ts";
import {
  startFakeModel,
  type Answer,
  type FakeModel,
  type Script,
} from "#e2e/fake-model/server.ts";
import type { AnswerItem, ModelAnswer } from "./answer.ts";
import { answerText } from "./answer-text.ts";
import { openModel, type ProviderConfig } from "./provider.ts";
import { tokensRead } from "./tokens.ts";
import { CANARY, testClaim, testRecord, testRequest } from "./testing.ts";

const KEY = "sk-secret-of-the-desk-0001";
const NEARLY_NONE = {
  input_tokens: 64,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};
const TWO = [testClaim("First \u00e9 \u{1F600} claim."), testClaim("Second claim.")];
const GOOD = { type: "claims", claims: TWO } as const;
const request = testRequest([testRecord(1, { kind: "alert", severity: "high" })]);

let fake: FakeModel | null = null;
afterEach(async () => {
  await fake?.close();
  fake = null;
});

type Asking = {
  config?: Partial<ProviderConfig>;
  key?: string | null;
  signal?: AbortSignal;
  onItem?: (item: AnswerItem) => void;
  timeoutSeconds?: number;
  idleSeconds?: number;
};

async function ask(answer: Answer | Script, asking: Asking = {}): Promise<ModelAnswer> {
  const { config, key = KEY, signal, onItem, timeoutSeconds = 20, idleSeconds = 20 } = asking;
  fake = await startFakeModel({ script: typeof answer === "function" ? answer : () => answer });
  const profile = { countsTokens: true, timeoutSeconds, idleSeconds };
  const settings = { provider: "anthropic", model: "fake", baseUrl: fake.url, profile } as const;
  return openModel({ ...settings, ...config }, key).stream(request, { signal, onItem });
}

test("nothing leaves for an address of a metadata service, and it is not tried again", async () => {
  const config = { provider: "compatible", baseUrl: "http://[64:ff9b::a9fe:a9fe]" } as const;
  expect(await ask(GOOD, { config })).toMatchObject({
    state: "failed",
    fault: "connection",
    reason: "The model's name leads to a cloud's own metadata service.",
    mayRetry: false,
    billed: false,
  });
  expect(fake?.requests).toEqual([]);
});

test("what is sent is what was stored, byte for byte, once", async () => {
  const answer = await ask(GOOD);
  expect(fake?.requests.map(({ text }) => text)).toEqual([request.text]);
  expect(answer).toMatchObject({
    state: "finished",
    fault: null,
    isComplete: true,
    reason: null,
    stopReason: "end_turn",
    requestId: "req_fake",
    modelAnswered: expect.any(String) as string,
    canary: "kept",
    billed: true,
    isUsageFinal: true,
    dropped: [],
    notices: [],
  });
  expect(answer.claims.map(({ text }) => text)).toEqual([
    "First \u00e9 \u{1F600} claim.",
    "Second claim.",
  ]);
  expect(tokensRead(answer.usage)).toBeGreaterThan(1000);
  expect(answer.response).toMatch(/^event: message_start[\s\S]+event: message_stop/);
  expect(answerText(answer.response)).toBe(answer.text);
  expect(JSON.parse(answer.text)).toEqual({ claims: TWO });
  expect(answer.firstClaimMs).toBeLessThanOrEqual(answer.latencyMs);
});

test.each([
  ["anthropic", undefined],
  ["compatible", KEY],
] as const)("a provider of kind %s gets the key where it looks for it", async (provider, older) => {
  await ask(GOOD, { config: { provider } });
  expect(fake?.requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${KEY}`,
    "anthropic-version": "2026-10-21",
  });
  expect(fake?.requests[0]?.headers["x-api-key"]).toBe(older);
});

test("items are given in order, what is no claim with its reason", async () => {
  const items: AnswerItem[] = [];
  const claims = [TWO[0], { text: 7 }, TWO[1]];
  const answer = await ask({ type: "claims", claims }, { onItem: (item) => items.push(item) });
  expect(items.map(({ number, ok }) => [number, ok])).toEqual([
    [1, true],
    [2, false],
    [3, true],
  ]);
  expect(answer.dropped[0]).toMatch(/^Claim 2 was left out: text:/);
});

test("a claim is given the moment it closes, while the server has yet to say more", async () => {
  const partial = `{"claims":[${JSON.stringify(TWO[0])}`;
  const abort = new AbortController();
  const answer = await ask(
    { type: "stalled", partial },
    { signal: abort.signal, onItem: () => abort.abort() },
  );
  expect(answer).toMatchObject({ state: "cancelled", isComplete: false });
  expect(answer.claims).toHaveLength(1);
});

test("what the receiver of claims throws ends the request and is thrown", async () => {
  const broken = new Error("the database is gone");
  const asked = ask(
    { ...GOOD, chunkChars: 20, chunkDelayMs: 5 },
    {
      onItem: () => {
        throw broken;
      },
    },
  );
  await expect(asked).rejects.toBe(broken);
  await expect.poll(() => fake?.requests[0]?.isAbandoned).toBe(true);
});

/** What each fault must end as, and how many of the two claims are kept. */
const EXPECTED: Record<FaultName, [Partial<ModelAnswer>, number]> = {
  rate_limited_wait: [
    { state: "failed", fault: "rate_limited", mayRetry: true, retryAfterSeconds: 1, billed: false },
    0,
  ],
  rate_limited: [
    { state: "failed", fault: "rate_limited", mayRetry: true, retryAfterSeconds: null },
    0,
  ],
  spend_limit: [{ state: "failed", fault: "spend_limit", mayRetry: false }, 0],
  overloaded: [{ state: "failed", fault: "overloaded", mayRetry: true, billed: false }, 0],
  server_error: [{ state: "failed", fault: "server", mayRetry: true }, 0],
  bad_gateway_page: [{ state: "failed", fault: "server", mayRetry: true }, 0],
  wrong_key: [{ state: "failed", fault: "credentials", mayRetry: false, billed: false }, 0],
  too_large: [{ state: "failed", fault: "request", mayRetry: false }, 0],
  bad_request: [{ state: "failed", fault: "request", mayRetry: false }, 0],
  silent: [{ state: "failed", fault: "timeout", mayRetry: true, billed: true }, 0],
  reset_before: [{ state: "failed", fault: "connection", mayRetry: true, billed: true }, 0],
  reset_middle: [{ state: "failed", fault: "connection", mayRetry: true }, 1],
  cut_middle: [{ state: "failed", fault: "connection", mayRetry: true, isUsageFinal: false }, 1],
  stalled: [{ state: "failed", fault: "timeout", mayRetry: true }, 1],
  error_in_stream: [{ state: "failed", fault: "overloaded", mayRetry: true }, 1],
  no_message_stop: [{ state: "failed", fault: "connection", mayRetry: true }, 2],
  closed_early: [{ state: "failed", fault: "connection", mayRetry: true }, 1],
  malformed_json: [{ state: "finished", fault: "answer", isComplete: false }, 1],
  wrong_schema: [{ state: "finished", fault: "answer", isComplete: false }, 0],
  no_claims_at_all: [{ state: "finished", fault: "answer", isComplete: false }, 0],
  flood_of_claims: [{ state: "failed", fault: "answer", mayRetry: false }, 60],
  flood_of_text: [{ state: "failed", fault: "answer", mayRetry: false }, 0],
  one_byte_a_second: [{ state: "failed", fault: "timeout", mayRetry: true }, 0],
  never_done: [{ state: "failed", fault: "timeout", mayRetry: true }, 0],
  wrong_content_type: [{ state: "failed", fault: "server", mayRetry: true }, 0],
  plain_page: [{ state: "failed", fault: "server", mayRetry: true }, 0],
  broken_events: [{ state: "failed", fault: "answer", mayRetry: true }, 0],
  refusal_before: [{ state: "refused", fault: null, mayRetry: false }, 0],
  refusal_after: [{ state: "refused", fault: null, mayRetry: false }, 1],
  longest_length: [{ state: "finished", fault: "answer", isComplete: false }, 1],
  window_exceeded: [{ state: "finished", fault: "answer", isComplete: false }, 1],
  empty_thinking: [{ state: "finished", isComplete: true }, 2],
  long_thinking: [{ state: "finished", isComplete: true }, 2],
  prose: [{ state: "finished", fault: "answer", isComplete: false }, 0],
  fenced: [{ state: "finished", isComplete: true, hadPreamble: true }, 2],
  bare_array: [{ state: "finished", isComplete: true }, 2],
  other_model: [{ state: "finished", isComplete: true, modelAnswered: "another-model" }, 2],
  slow: [{ state: "finished", isComplete: true }, 2],
};
const QUIET = new Set<FaultName>(["silent", "stalled", "one_byte_a_second"]);

test.each(Object.keys(FAULTS) as FaultName[])("fault %s", { timeout: 30_000 }, async (name) => {
  const [expected, claims] = EXPECTED[name];
  const fault: (good: { type: "claims"; claims: unknown[] }) => Answer = FAULTS[name];
  const idleSeconds = QUIET.has(name) ? 1.5 : 20;
  const timeoutSeconds = name === "never_done" ? 1.5 : 20;
  const answer = await ask(fault({ type: "claims", claims: TWO }), { idleSeconds, timeoutSeconds });
  expect(answer).toMatchObject(expected);
  expect(answer.claims).toHaveLength(claims);
  expect(fake?.requests).toHaveLength(1); // the queue retries, nothing here does
  expect(answer.reason ?? "The answer is whole.").toMatch(/^The .+\.$/);
  expect(answer.reason === null).toBe(answer.isComplete);
});

test("a request that is called off ends as cancelled, whether before or in the middle", async () => {
  const before = await ask(GOOD, { signal: AbortSignal.abort() });
  expect(before).toMatchObject({ state: "cancelled", fault: "stopped", billed: false });
  await fake?.close();
  const abort = new AbortController();
  const middle = await ask(
    { ...GOOD, chunkChars: 30, chunkDelayMs: 10 },
    { signal: abort.signal, onItem: () => abort.abort() },
  );
  expect(middle).toMatchObject({ state: "cancelled", fault: "stopped", mayRetry: false });
  expect(middle.claims).toHaveLength(1);
});

test("a server that is not there is a failure to try again that costs nothing", async () => {
  const gone = await startFakeModel({ script: () => GOOD });
  await gone.close();
  const answer = await ask(GOOD, { config: { baseUrl: gone.url } });
  expect(answer).toMatchObject({ state: "failed", fault: "connection", mayRetry: true });
  expect(answer).toMatchObject({ billed: false, response: "", usage: null });
});

test("a redirect is not followed: it would carry evidence and key elsewhere", async () => {
  const other = await startFakeModel({ script: () => GOOD });
  const headers = { location: `${other.url}/v1/messages` };
  const answer = await ask({ type: "raw", status: 307, headers, body: "" });
  expect(answer).toMatchObject({ state: "failed", fault: "request", mayRetry: false });
  expect(other.requests).toHaveLength(0);
  await other.close();
});

test("a server that echoes the key does not get it stored", async () => {
  const body = JSON.stringify({ error: { type: "authentication_error", message: `bad ${KEY}` } });
  const answer = await ask({ type: "raw", status: 401, headers: { "content-type": "x/y" }, body });
  expect(JSON.stringify(answer)).not.toContain(KEY);
  expect(answer.response).toContain("bad [the key]");
});

test("a server that puts the key into its answer gets it kept nowhere", async () => {
  const echo = testClaim("Second.", { citations: [{ id: "E1", quote: `x ${KEY} y` }] });
  const items: AnswerItem[] = [];
  const answer = await ask(
    {
      ...{ type: "claims", claims: [TWO[0], echo, testClaim(`It is ${KEY}.`)] },
      // what is cut to its longest would keep the beginning of a key at its end
      ...{ answeredBy: `fake ${KEY}`, stopReason: `${"x".repeat(190)}${KEY}` },
    },
    { onItem: (item) => items.push(item) },
  );
  expect(JSON.stringify([answer, items])).not.toContain(KEY.slice(0, 10));
  expect(answerText(answer.response)).not.toContain(KEY);
  expect(answer.claims.map(({ text }) => text)).toEqual(["First \u00e9 \u{1F600} claim."]);
  expect(items.map(({ ok }) => ok)).toEqual([true, false, false]);
  expect(answer.dropped).toEqual([
    "Claim 2 was left out: it repeats the key of the model's server.",
    "Claim 3 was left out: it repeats the key of the model's server.",
  ]);
  expect(answer).toMatchObject({ canary: "kept", modelAnswered: "fake [the key]" });
});

test("a key that is spelt with escapes in a claim is known, and the body is not kept", async () => {
  const spelt = KEY.replace("s", String.raw`\u0073`);
  const text = `{"claims":[{"text":"${spelt}","kind":"gap"}]}`;
  const answer = await ask({ type: "text", text, chunkChars: 1000 });
  expect(answer.dropped).toEqual([expect.stringMatching(/repeats the key/)]);
  expect(answer.response).not.toContain(KEY.slice(1));
});

test("a server that puts the key into a header or an error's type gets it kept nowhere", async () => {
  const headers = { "request-id": `req ${KEY}`, "content-type": `text/${KEY}` };
  const page = await ask({ type: "raw", headers, body: "" });
  expect(page.requestId).toBe("req [the key]");
  expect(JSON.stringify(page)).not.toContain(KEY);
  await fake?.close();
  const refused = await ask({ type: "error", status: 400, errorType: KEY });
  expect(refused.reason).toBe("The model's server refuses the request (error, 400).");
});

test("a marker is known again however it is spelt, and an answer that repeats it is not used", async () => {
  const spelt = CANARY.toUpperCase().split("").join("-");
  const answer = await ask({ type: "claims", claims: [TWO[0], testClaim(`x ${spelt}.`)] });
  const thrownAway = { canary: "leaked", state: "failed", fault: "answer" };
  expect(answer).toMatchObject({ ...thrownAway, isComplete: false, mayRetry: false });
  expect(answer.reason).toMatch(/steered it, so none of it is used/);
  expect(answer.dropped).toEqual([
    "Claim 2 was left out: it repeats the private marker of the request.",
  ]);
  await fake?.close();
  const claims = JSON.stringify({ claims: [TWO[0]] });
  const prose = await ask({ type: "text", text: `My marker is ${CANARY}. ${claims}` });
  expect(prose).toMatchObject({ ...thrownAway, isComplete: false });
});

test("a server that read far less than was sent has cut it, and the answer says so", async () => {
  const answer = await ask({ ...GOOD, usage: NEARLY_NONE });
  expect(answer).toMatchObject({ state: "finished", isComplete: false, fault: "answer" });
  expect(answer.reason).toMatch(/read 64 tokens of a request of at least \d+: it cut the evidence/);
  expect(answer.notices).toEqual([answer.reason]);
  expect(answer.claims).toHaveLength(2);
});

test("tokens are counted where the profile says so, and a server that cannot is no failure", async () => {
  fake = await startFakeModel({ script: () => GOOD });
  const profile = { countsTokens: true, timeoutSeconds: 5, idleSeconds: 5 };
  const config = { provider: "anthropic", model: "fake", baseUrl: fake.url, profile } as const;
  const tokens = await openModel(config, KEY).countTokens(request);
  expect(tokens).toBeGreaterThan(request.fewestTokens);
  expect(tokens).toBeLessThan(request.mostTokens);
  expect(fake.counted[0]?.body).not.toHaveProperty("stream");
  await fake.close();
  expect(await openModel(config, KEY).countTokens(request)).toBeNull();
  fake = await startFakeModel({ script: () => GOOD });
  const quiet = { ...config, baseUrl: fake.url, profile: { ...profile, countsTokens: false } };
  expect(await openModel(quiet, KEY).countTokens(request)).toBeNull();
  expect(fake.counted).toHaveLength(0);
});
