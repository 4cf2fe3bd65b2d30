import * as fc from "fast-check";
import { expect, test } from "vitest";
import { testPreset } from "./testing.ts";
import { answerCostMicro, costMicro, reserveMicro, tokensRead } from "./tokens.ts";

const { profile } = testPreset("claude-sonnet-5-5"); // $2 in, $10 out, $0.20 cached, $2.50 written

const COSTS: [string, Record<string, number>, number][] = [
  ["nothing", {}, 0],
  ["a million tokens in", { input_tokens: 1_000_000 }, 2_000_000],
  ["a million tokens out", { output_tokens: 1_000_000 }, 10_000_000],
  ["read from the cache", { input_tokens: 0, cache_read_input_tokens: 1_000_000 }, 200_000],
  ["written to the cache", { cache_creation_input_tokens: 1_000_000 }, 2_500_000],
  ["a large incident", { input_tokens: 60_000, output_tokens: 4_000 }, 160_000],
  ["one cached token is rounded up to a whole millionth", { cache_read_input_tokens: 1 }, 1],
  ["counts of other names cost nothing", { thinking_tokens: 5_000 }, 0],
];

test.each(COSTS)("%s", (_name, usage, micro) => {
  expect(costMicro(usage, profile)).toBe(micro);
});

test("money is whole, and no answer within its bounds costs more than was reserved for it", () => {
  const count = fc.integer({ min: 0, max: 200_000 });
  fc.assert(
    fc.property(count, count, count, count, (input, written, read, output) => {
      const usage = {
        input_tokens: input,
        cache_creation_input_tokens: written,
        cache_read_input_tokens: read,
        output_tokens: Math.min(output, profile.outputTokens),
      };
      const cost = costMicro(usage, profile);
      expect(Number.isSafeInteger(cost)).toBe(true);
      const request = { mostTokens: input + written + read };
      expect(cost).toBeLessThanOrEqual(reserveMicro(request, profile));
    }),
  );
});

test("an answer that was turned away costs nothing, one that broke off costs nobody knows what", () => {
  const usage = { input_tokens: 1000, output_tokens: 1 };
  const whole = { usage, isUsageFinal: true, billed: true };
  expect(answerCostMicro(whole, profile)).toBe(2010);
  expect(answerCostMicro({ ...whole, billed: false }, profile)).toBe(0);
  expect(answerCostMicro({ ...whole, isUsageFinal: false }, profile)).toBeNull();
  expect(answerCostMicro({ ...whole, usage: null }, profile)).toBeNull();
});

test("tokens read are those of the request, from the cache or not", () => {
  expect(tokensRead({ input_tokens: 5, cache_read_input_tokens: 7, output_tokens: 9 })).toBe(12);
  expect(tokensRead({ output_tokens: 9 })).toBeNull();
  expect(tokensRead({ input_tokens: 0 })).toBeNull();
  expect(tokensRead(null)).toBeNull();
});
