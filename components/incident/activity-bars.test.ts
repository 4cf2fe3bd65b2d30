import { describe, expect, test } from "vitest";
import {
  activityBars,
  brushOf,
  matchingHeights,
  moved,
  shareOf,
  sliceAt,
  timesOf,
} from "./activity-bars.ts";

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

describe("a stretch of the histogram", () => {
  test("is the same stretch when it comes back from the address", () => {
    for (let start = 0; start < 4; start += 1) {
      for (let end = start + 1; end <= 4; end += 1) {
        const times = timesOf(night, { start, end });
        const all = start === 0 && end === 4;
        expect(brushOf(night, times?.from, times?.to)).toEqual(all ? null : { start, end });
      }
    }
  });

  test("holds its last record, and one moment where there is no more", () => {
    expect(timesOf(night, { start: 3, end: 4 })).toEqual({
      from: "2026-03-01T03:30:00.000Z",
      to: "2026-03-01T04:00:00.001Z",
    });
    const moment = { from: night.from, to: night.from, slices: night.slices };
    expect(timesOf(moment, { start: 1, end: 2 })).toEqual({
      from: night.from,
      to: "2026-03-01T02:00:00.001Z",
    });
  });

  test("is cut to what there is, and is none outside", () => {
    expect(brushOf(night, "2020-01-01T00:00:00Z", "2026-03-01T02:30:00Z")).toEqual({
      start: 0,
      end: 1,
    });
    expect(brushOf(night, "2026-03-02T00:00:00Z", undefined)).toBeNull();
  });

  test("has ends that move and never meet", () => {
    const brush = { start: 1, end: 3 };
    expect(moved(brush, "start", 9, 4)).toEqual({ start: 2, end: 3 });
    expect(moved(brush, "start", -9, 4)).toEqual({ start: 0, end: 3 });
    expect(moved(brush, "end", -9, 4)).toEqual({ start: 1, end: 2 });
    expect(moved(brush, "end", 9, 4)).toEqual({ start: 1, end: 4 });
  });

  test("shows what filters leave within each bar, and never more than the bar", () => {
    const at = (minute: number) => Date.parse("2026-03-01T02:00:00Z") / 1000 + minute * 60;
    expect(matchingHeights(night, [at(0), at(1), at(70), at(71), at(119)])).toEqual([
      ...[0.08, 0, 0.08, 0.08],
    ]);
  });
});
