import { expect, test } from "vitest";
import { atMost, percentile, slope } from "./figures.ts";

test("what grows by the same with every step has that for its slope, wherever it begins", () => {
  const line = (by: number) => [0, 1, 2, 5, 9].map((x) => ({ x: x + 100, y: 7 + by * x }));
  expect(slope(line(3))).toBeCloseTo(3);
  expect(slope(line(-0.5))).toBeCloseTo(-0.5);
  expect(slope(line(0))).toBe(0);
});

test("what goes up and down by the same has no slope, and one place in time has none either", () => {
  expect(slope([0, 1, 2, 3].map((x) => ({ x, y: [1, 5, 5, 1][x]! })))).toBeCloseTo(0);
  expect(
    slope([
      { x: 4, y: 1 },
      { x: 4, y: 9 },
    ]),
  ).toBe(0);
  expect(slope([{ x: 4, y: 1 }])).toBe(0);
});

test("a percentile is a value that was measured", () => {
  const values = [9, 1, 8, 2, 7, 3, 6, 4, 5, 10];
  expect(percentile(values, 0.5)).toBe(5);
  expect(percentile(values, 0.95)).toBe(10);
  expect(percentile([3], 0.95)).toBe(3);
});

test("a figure is judged before it is rounded", () => {
  expect(atMost("a", 100.4, 100, { n: 1, note: "" })).toMatchObject({ value: 100, holds: false });
  expect(atMost("a", 99.6, 100, { n: 1, note: "" })).toMatchObject({ value: 99.6, holds: true });
});
