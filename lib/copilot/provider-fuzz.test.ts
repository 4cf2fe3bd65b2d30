import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startFakeModel } from "#e2e/fake-model/server.ts";
import { openModel } from "./provider.ts";
import { CANARY, testClaim } from "./testing.ts";

const EVENTS = [
  { type: "message_start", message: { model: "m", usage: { input_tokens: 9, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  ...[`{"claims":[${JSON.stringify(testClaim("One."))}`, ",", "7", "]}"].map((text) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text },
  })),
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } },
  { type: "message_stop" },
];

/** Events out of order, missing, doubled, of other shapes, with other values in them. */
const stream = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<unknown>(...EVENTS) },
      fc
        .tuple(fc.constantFrom(...EVENTS), fc.jsonValue())
        .map(([event, value]) => ({ ...event, delta: value, usage: value, message: value })),
      fc.jsonValue(),
    ),
    { maxLength: 14 },
  )
  .map((events) =>
    events
      .map((event) => {
        const type = (event as { type?: unknown } | null)?.type;
        return `event: ${typeof type === "string" ? type : "x"}\ndata: ${JSON.stringify(event)}\n\n`;
      })
      .join(""),
  );

test(
  "whatever stream a server sends, there is an answer to it, and it can be stored",
  { timeout: 30_000 },
  async () => {
    let body = "";
    const fake = await startFakeModel({ script: () => ({ type: "raw", body }) });
    const profile = { countsTokens: false, timeoutSeconds: 10, idleSeconds: 10 };
    const model = openModel(
      { provider: "compatible", model: "m", baseUrl: fake.url, profile },
      "key-of-the-desk",
    );
    await fc.assert(
      fc.asyncProperty(stream, async (sent) => {
        body = sent;
        const answer = await model.stream({ text: '{"model":"m","stream":true}', canary: CANARY });
        expect(["finished", "failed", "refused"]).toContain(answer.state);
        expect(answer.reason === null).toBe(answer.isComplete);
        expect(answer.state === "failed").toBe(
          answer.fault !== null && answer.state !== "finished",
        );
        expect(JSON.stringify(answer)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
        for (const count of Object.values(answer.usage ?? {}))
          expect(Number.isSafeInteger(count)).toBe(true);
      }),
      { numRuns: 150 },
    );
    await fake.close();
  },
);
