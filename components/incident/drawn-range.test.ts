import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawnRange } from "./drawn-range.ts";

const COUNT = 10_000;
const range = fc
  .record({ from: fc.nat({ max: COUNT - 30 }), lines: fc.integer({ min: 1, max: 30 }) })
  .map(({ from, lines }) => ({ from, to: from + lines }));

describe("the lines that are drawn", () => {
  test("hold all that is seen, and never more than stand around it", () => {
    const near = fc.tuple(range, fc.integer({ min: -80, max: 80 })).map(([seen, by]) => {
      const from = Math.min(COUNT - 30, Math.max(0, seen.from + by));
      return [seen, { from, to: from + seen.to - seen.from }] as const;
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.tuple(range, range)), ([seen, settled]) => {
        const drawn = drawnRange(seen, settled, COUNT);
        expect(drawn.from).toBeLessThanOrEqual(Math.max(0, seen.from - 4));
        expect(drawn.to).toBeGreaterThanOrEqual(Math.min(COUNT, seen.to + 4));
        expect(drawn.from).toBeGreaterThanOrEqual(Math.max(0, seen.from - 20));
        expect(drawn.to).toBeLessThanOrEqual(Math.min(COUNT, seen.to + 20));
      }),
    );
  });

  test("are those around what is seen once there was time", () => {
    const seen = { from: 500, to: 520 };
    expect(drawnRange(seen, seen, COUNT)).toEqual({ from: 480, to: 540 });
  });

  test("stay while the hand moves on by less", () => {
    expect(drawnRange({ from: 510, to: 530 }, { from: 500, to: 520 }, COUNT)).toEqual({
      from: 490,
      to: 540,
    });
  });

  test("are few after a leap", () => {
    expect(drawnRange({ from: 9_000, to: 9_020 }, { from: 500, to: 520 }, COUNT)).toEqual({
      from: 8_996,
      to: 9_024,
    });
  });
});
