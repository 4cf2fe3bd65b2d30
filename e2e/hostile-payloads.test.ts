import { expect, test } from "vitest";
import { hostilePayloads } from "./hostile-payloads.ts";

test("there are more than 300, each different, and each would do something", () => {
  const payloads = hostilePayloads();
  expect(payloads.length).toBeGreaterThanOrEqual(300);
  expect(new Set(payloads).size).toBe(payloads.length);
  const dead = payloads.filter((text) => !/fired\(\d+\)|collect\.invalid|data:text/.test(text));
  expect(dead).toEqual([]);
});
