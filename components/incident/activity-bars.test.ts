import { describe, expect, test } from "vitest";
import { activityBars, shareOf, sliceAt } from "./activity-bars.ts";

const night = {
  from: "2026-03-01T02:00:00.000Z",
  to: "2026-03-01T04:00:00.000Z",
  slices: [
    { records: 2000, alerts: 1 },
    { records: 0, alerts: 0 },
    { records: 1, alerts: 0 },
    { records: 500, alerts: 2 },
  ],
};

describe("the histogram above the thread", () => {
  test("gives every slice its start and shows a single record beside thousands", () => {
    const bars = activityBars(night);
    expect(bars.map((bar) => bar.from.slice(11, 16))).toEqual(["02:00", "02:30", "03:00", "03:30"]);
    expect(bars.map((bar) => bar.height)).toEqual([1, 0, 0.08, 0.5]);
  });

  test("is nothing without a time", () => {
    expect(activityBars({ from: null, to: null, slices: [] })).toEqual([]);
  });

  test("places a decision in the night and leaves out one after it", () => {
    expect(shareOf(night, "2026-03-01T03:00:00.000Z")).toBe(0.5);
    expect(shareOf(night, "2026-03-02T03:00:00.000Z")).toBeNull();
  });

  test("finds the slice under a pointer, also at the edges", () => {
    expect([0, 99, 100, 400, 900, -3].map((x) => sliceAt(x, 400, 4))).toEqual([0, 0, 1, 3, 3, 0]);
  });
});
