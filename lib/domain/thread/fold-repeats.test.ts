import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldRepeats, REPEAT_GAP_MS, REPEATS_MIN } from "./fold-repeats.ts";
import type { RecordStream } from "./fold-repeats.ts";

type Made = { shape: string; after: number; wall?: boolean };

/** Records one after another, each so many ms after the one before. */
function stream(records: readonly Made[]): RecordStream {
  let time = 0;
  return {
    positions: Int32Array.from(records, (_, index) => index + 1),
    times: Float64Array.from(records, ({ after }) => (time += after)),
    shapes: records.map(({ shape }) => shape),
    walls: Uint8Array.from(records, ({ wall }) => (wall ? 1 : 0)),
  };
}

const a = (after = 1000): Made => ({ shape: "a", after });
const b = (after = 1000): Made => ({ shape: "b", after });

describe("repeats fold into one line", () => {
  test.each([
    ["three in a row", [a(), a(), a()], [], [[0, 1, 2]]],
    ["two stand as they are", [a(), a(), b()], [], []],
    ["what comes in between stays outside", [a(), b(), a(), b(), a()], [], [[0, 2, 4]]],
    [
      "two kinds in turn are two folds",
      [a(), b(), a(), b(), a(), b()],
      [],
      [
        [0, 2, 4],
        [1, 3, 5],
      ],
    ],
    [
      "not after a longer pause",
      [a(), a(), a(), a(REPEAT_GAP_MS + 1), a(), a()],
      [],
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    ["just within the pause", [a(), a(REPEAT_GAP_MS), a(REPEAT_GAP_MS)], [], [[0, 1, 2]]],
    ["not across an alert", [a(), a(), { shape: "", after: 1, wall: true }, a(), a()], [], []],
    [
      "not across what somebody did",
      [a(), a(), a(), a(), a(), a()],
      [3],
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    ["what has no shape never folds", [1, 2, 3].map(() => ({ shape: "", after: 1 })), [], []],
  ])("%s", (_, records, acts, folds) => {
    expect(foldRepeats(stream(records), acts)).toEqual(folds);
  });

  const made = fc.array(
    fc.record({
      shape: fc.constantFrom("a", "a", "a", "b", ""),
      after: fc.constantFrom(0, 1000, 2000, REPEAT_GAP_MS, REPEAT_GAP_MS + 1),
      wall: fc.nat({ max: 15 }).map((one) => one === 0),
    }),
    { minLength: 10, maxLength: 60 },
  );

  test("each record folds once at most, with its like, and nothing stands between that ends it", () => {
    const seen = { folds: 0 };
    fc.assert(
      fc.property(made, fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), (records, acts) => {
        const given = stream(records);
        const folds = foldRepeats(given, acts);
        seen.folds += folds.length;
        const members = folds.flat();
        expect(new Set(members).size).toBe(members.length);
        for (const fold of folds) {
          expect(fold.length).toBeGreaterThanOrEqual(REPEATS_MIN);
          expect(new Set(fold.map((index) => given.shapes[index])).size).toBe(1);
          for (const [nth, index] of fold.entries()) {
            const before = fold[nth - 1];
            if (before === undefined) continue;
            expect(given.times[index]! - given.times[before]!).toBeLessThanOrEqual(REPEAT_GAP_MS);
            expect(given.walls.slice(before + 1, index + 1)).not.toContain(1);
            expect(acts.some((act) => act > before && act <= index)).toBe(false);
          }
        }
      }),
    );
    expect(seen.folds).toBeGreaterThan(10);
  });
});
