import { describe, expect, test } from "vitest";
import { wilson } from "./wilson.ts";

/** Worked out by hand from the formula of Wilson (1927) with z = 1.96. */
const CASES: [number, number, number, number][] = [
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [5, 10, 0.2366, 0.7634],
  [1, 100, 0.0018, 0.0545],
  [0, 10_000, 0, 0.00038],
];

describe("the Wilson interval", () => {
  test.each(CASES)("of %i in %i", (hits, n, low, high) => {
    const [from, to] = wilson(hits, n);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  test("says nothing of nothing", () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
  });
});
