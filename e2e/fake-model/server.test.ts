/** The fake model itself, as a caller sees it; what the product makes of its faults is tested with the jobs. */
import { afterEach, expect, test } from "vitest";
import type { FakeBlock } from "./answer.ts";
import { FAULTS, faultyAtFirst } from "./faults.ts";
import type { FaultName, GoodAnswer } from "./faults.ts";
import { startFakeModel } from "./server.ts";
import type { FakeModel, Script, ServerTraits } from "./server.ts";

const GOOD: GoodAnswer = { type: "claims", claims: [{ text: "one" }, { text: "two" }] };

let model: FakeModel | null = null;
afterEach(async () => {
  await model?.close();
  model = null;
});

async function start(script: Script, traits: ServerTraits = {}): Promise<FakeModel> {
  return (model = await startFakeModel({ script, ...traits }));
}

function post(path = "/v1/messages", more: object = {}, signal?: AbortSignal): Promise<Response> {
  const cache_control = { type: "ephemeral" };
  const content: FakeBlock[] = [
    { type: "text", text: "records ".repeat(20), cache_control },
    { type: "text", text: "question" },
  ];
  return fetch(`${model!.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": "k" },
    body: JSON.stringify({ model: "m", stream: true, messages: [{ content }], ...more }),
    signal,
  });
}

/** What a caller gets: the status and the body, or that the connection broke. */
async function outcome(response: Promise<Response>): Promise<{ status: number; body: string }> {
  try {
    const got = await response;
    return await got.text().then(
      (body) => ({ status: got.status, body }),
      () => ({ status: got.status, body: "broke" }),
    );
  } catch {
    return { status: 0, body: "broke" };
  }
}

const SEEN: [FaultName, number, RegExp][] = [
  ["rate_limited_wait", 429, /rate_limit_error/],
  ["spend_limit", 429, /"error_code":"enforced_spend_limit_reached"/],
  ["overloaded", 529, /overloaded_error/],
  ["server_error", 500, /api_error/],
  ["reset_before", 0, /broke/],
  ["reset_middle", 200, /broke/],
  ["cut_middle", 200, /broke/],
  ["error_in_stream", 200, /event: error/],
  ["no_message_stop", 200, /event: message_delta(?![^]*message_stop)/],
  ["closed_early", 200, /content_block_delta(?![^]*message_delta)/],
  ["refusal_before", 200, /^(?![^]*text_delta)[^]*"stop_reason":"refusal"/],
  ["refusal_after", 200, /text_delta[^]*"stop_reason":"refusal"/],
  ["empty_thinking", 200, /"type":"thinking","thinking":""/],
];

test.each(SEEN)("%s looks so on the wire", async (name, status, body) => {
  await start(() => FAULTS[name](GOOD));
  const got = await outcome(post());
  expect(got.status).toBe(status);
  expect(got.body).toMatch(body);
});

test("a fault for the first requests only", async () => {
  await start(faultyAtFirst("overloaded", 2, () => GOOD));
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await post()).status);
  expect(statuses).toEqual([529, 529, 200]);
});

test("it notes when each claim was whole on the wire, and who went away", async () => {
  await start(({ number }) => (number === 1 ? GOOD : { type: "silent" }));
  await (await post()).text();
  expect(model!.requests[0]!.claimEndedAt).toHaveLength(2);
  expect(model!.requests[0]!.isAbandoned).toBe(false);
  const leave = new AbortController();
  const left = outcome(post("/v1/messages", {}, leave.signal));
  await expect.poll(() => model!.requests.length).toBe(2);
  leave.abort();
  await left;
  await expect.poll(() => model!.requests[1]!.isAbandoned).toBe(true);
});

test("a marked prefix is written to the cache once and read afterwards", async () => {
  await start(() => GOOD);
  const [first, second] = [await (await post()).text(), await (await post()).text()];
  const marked = /"cache_creation_input_tokens":(\d+),"cache_read_input_tokens":0/.exec(first)?.[1];
  expect(Number(marked)).toBeGreaterThan(40);
  expect(second).toContain(`"cache_creation_input_tokens":0,"cache_read_input_tokens":${marked}`);
});

test("tokens are counted by servers that do", async () => {
  await start(() => GOOD);
  const counted = (await (await post("/v1/messages/count_tokens")).json()) as object;
  expect(counted).toEqual({ input_tokens: Math.ceil(model!.counted[0]!.text.length / 3.5) });
  expect([model!.requests.length, model!.counted.length]).toEqual([0, 1]);
  await model!.close();
  await start(() => GOOD, { countsTokens: false });
  expect((await post("/v1/messages/count_tokens")).status).toBe(404);
});

test("a server that drops blocks, ignores the schema or cuts the beginning off shows the model less", async () => {
  await start(() => GOOD, { dropsBlocks: true, ignoresSchema: true });
  await (await post("/v1/messages", { output_config: { format: {} } })).text();
  expect(model!.requests[0]!.body.messages).toEqual([
    { content: [{ type: "text", text: "question" }] },
  ]);
  expect(model!.requests[0]!.body).not.toHaveProperty("output_config");
  expect(model!.requests[0]!.text).toContain("output_config");
  await model!.close();
  await start(() => GOOD, { contextTokens: 60 });
  await (await post()).text();
  expect(JSON.stringify(model!.requests[0]!.body).match(/records/g)!.length).toBeLessThan(15);
});

test("it is down and comes up again at the same address", async () => {
  await start(() => GOOD);
  await model!.goDown("refuses");
  expect(await outcome(post())).toEqual({ status: 0, body: "broke" });
  await model!.goDown("overloaded");
  expect((await post()).status).toBe(529);
  await model!.comeUp();
  expect((await post()).status).toBe(200);
});
