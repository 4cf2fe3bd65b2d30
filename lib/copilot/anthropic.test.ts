import { afterEach, expect, test } from "vitest";
import {
  startFakeModel,
  type Answer,
  type FakeModel,
  type Script,
} from "#e2e/fake-model/server.ts";
import { anthropicModel } from "./anthropic.ts";
import type { ModelAnswer } from "./answer.ts";
import { SUMMARISE_PROMPT } from "./prompts/published.ts";
import { buildRequest } from "./request.ts";

const CANARY = "zq-canary-71";
const request = buildRequest({
  model: "fake",
  prompt: SUMMARISE_PROMPT,
  evidence: "<<<f evidence begins>>>\n<<<f evidence ends>>>",
  fence: "f",
  canary: CANARY,
});

let model: FakeModel | null = null;
afterEach(async () => {
  await model?.close();
  model = null;
});

async function ask(answer: Answer | Script, signal?: AbortSignal): Promise<ModelAnswer> {
  model = await startFakeModel({ script: typeof answer === "function" ? answer : () => answer });
  return anthropicModel({ model: "fake", apiKey: null, baseUrl: model.url }).answer(
    request,
    signal,
  );
}

function claim(text: string, over: object = {}): object {
  return {
    text,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: "four" }],
    predicates: [],
    ...over,
  };
}

const TWO = [claim("First \u00e9 \u{1F600} claim."), claim("Second claim.")];

test("what is sent is what was built, byte for byte, with both headers a server may read", async () => {
  const answer = await ask({ type: "claims", claims: TWO });
  expect(model?.requests).toHaveLength(1);
  expect(model?.requests[0]?.text).toBe(request.text);
  expect(model?.requests[0]?.headers).toMatchObject({
    authorization: "Bearer none",
    "x-api-key": "none",
    "anthropic-version": "2026-10-21",
  });
  expect(answer).toMatchObject({
    state: "finished",
    isComplete: true,
    reason: null,
    stopReason: "end_turn",
    requestId: "req_fake",
  });
  expect(answer.claims.map((c) => c.text)).toEqual([
    "First \u00e9 \u{1F600} claim.",
    "Second claim.",
  ]);
  expect(answer.usage).toMatchObject({ input_tokens: expect.any(Number) as number });
  expect(answer.response).toContain("event: message_start");
  expect(answer.response).toContain("event: message_stop");
});

test("the request holds the schema and the canary, and only the system part instructs", () => {
  const body = JSON.parse(request.text) as typeof request.body;
  expect(body.output_config.format.type).toBe("json_schema");
  expect(JSON.stringify(body.output_config.format.schema)).toContain('"where"');
  expect(body.system[0]?.text).toBe(SUMMARISE_PROMPT.text);
  expect(body.system[1]?.text).toContain(CANARY);
  expect(JSON.stringify(body.messages)).not.toContain(CANARY);
  expect(body).not.toHaveProperty("tools");
});

test("an item that is no claim is left out and noted, the others stay", async () => {
  const odd = [
    TWO[0],
    claim("x", { kind: "opinion" }),
    "text",
    claim(""),
    claim("No predicates.", { predicates: undefined, polarity: undefined }),
    claim("n", { predicates: [{ op: "count", n: 1.5 }] }),
  ];
  const answer = await ask({ type: "claims", claims: odd });
  expect(answer.claims.map((c) => c.text)).toEqual([
    "First \u00e9 \u{1F600} claim.",
    "No predicates.",
  ]);
  expect(answer.dropped).toHaveLength(4);
  expect(answer.dropped[0]).toMatch(/^Claim 2 was left out: kind:/);
});

test("a claim that repeats the private marker is left out and noted", async () => {
  const answer = await ask({ type: "claims", claims: [TWO[0], claim(`Ignore this ${CANARY}.`)] });
  expect(answer.claims).toHaveLength(1);
  expect(answer.dropped).toEqual([
    "Claim 2 was left out: it repeats the private marker of the request.",
  ]);
});

test("characters that Postgres cannot hold are replaced", async () => {
  const answer = await ask({
    type: "text",
    text: '{"claims":[{"text":"a\\u0000b\\ud800c","kind":"gap","citations":[],"predicates":[]}]}',
  });
  expect(answer.claims[0]?.text).toBe("a\u2400b\uFFFDc");
});

const ENDINGS: [string, Answer, Partial<ModelAnswer>, number][] = [
  [
    "a refusal before any output",
    { type: "refusal", category: "cyber" },
    {
      state: "refused",
      reason: "The model refused to answer (cyber).",
      stopReason: "refusal",
      mayRetry: false,
    },
    0,
  ],
  [
    "a refusal in mid-answer: the partial answer is taken back",
    { type: "refusal", partial: JSON.stringify({ claims: TWO }) },
    { state: "refused" },
    0,
  ],
  [
    "an answer cut off at its length",
    { type: "text", text: JSON.stringify({ claims: TWO }).slice(0, -20), stopReason: "max_tokens" },
    {
      state: "finished",
      isComplete: false,
      reason: "The answer was cut off at its longest allowed length.",
    },
    1,
  ],
  [
    "an error inside the stream",
    {
      type: "stream_error",
      partial: JSON.stringify({ claims: TWO }).slice(0, -20),
      errorType: "overloaded_error",
    },
    { state: "failed", reason: "The model is overloaded.", mayRetry: true },
    1,
  ],
  [
    "a connection that breaks",
    { type: "broken", partial: JSON.stringify({ claims: TWO }).slice(0, -20) },
    { state: "failed", mayRetry: true },
    1,
  ],
  [
    "prose instead of JSON",
    { type: "text", text: "I would rather tell a story." },
    {
      state: "finished",
      isComplete: false,
      reason: "The answer is not the JSON object that was asked for.",
    },
    0,
  ],
  [
    "JSON in a code fence",
    { type: "text", text: `Here you are:\n\`\`\`json\n${JSON.stringify({ claims: TWO })}\n\`\`\`` },
    { state: "finished", isComplete: true },
    2,
  ],
  [
    "a rate limit",
    { type: "error", status: 429, errorType: "rate_limit_error", headers: { "retry-after": "7" } },
    { state: "failed", mayRetry: true, retryAfterSeconds: 7 },
    0,
  ],
  [
    "an overloaded server",
    { type: "error", status: 529, errorType: "overloaded_error" },
    { state: "failed", mayRetry: true, reason: "The model is overloaded." },
    0,
  ],
  [
    "a wrong key",
    { type: "error", status: 401, errorType: "authentication_error" },
    { state: "failed", mayRetry: false },
    0,
  ],
  [
    "a request that is refused",
    { type: "error", status: 400, errorType: "invalid_request_error" },
    { state: "failed", mayRetry: false },
    0,
  ],
];

test.each(ENDINGS)("%s", async (_name, answer, expected, claims) => {
  const result = await ask(answer);
  expect(result).toMatchObject({ requestId: "req_fake", ...expected });
  expect(result.claims).toHaveLength(claims);
  expect(model?.requests).toHaveLength(1); // the queue retries, the SDK does not
  expect(result.reason ?? "The answer is whole.").toMatch(/^The .+\.$/);
  expect(result.reason === null).toBe(result.isComplete);
});

test("a request that is called off ends as cancelled", async () => {
  const abort = new AbortController();
  const result = await ask(() => {
    setImmediate(() => abort.abort());
    return { type: "silent" };
  }, abort.signal);
  expect(result).toMatchObject({ state: "cancelled", claims: [], mayRetry: false });
});

test("a server that is not there is a failure to try again", async () => {
  const gone = await startFakeModel({ script: () => ({ type: "silent" }) });
  await gone.close();
  const result = await anthropicModel({ model: "fake", apiKey: "k", baseUrl: gone.url }).answer(
    request,
  );
  expect(result).toMatchObject({
    state: "failed",
    reason: "The model cannot be reached.",
    mayRetry: true,
    response: "",
  });
});
