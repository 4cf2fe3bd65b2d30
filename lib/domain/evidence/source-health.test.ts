import { describe, expect, test } from "vitest";
import { clockSkew, findGaps, isSilent, refusedShare } from "./source-health.ts";

const START = Date.parse("2026-03-01T00:00:00Z");

/** Times at these seconds after the start. */
function at(...seconds: number[]): string[] {
  return seconds.map((s) => new Date(START + s * 1000).toISOString());
}

/** `n` seconds, `every` apart, from `from`. */
function steady(n: number, every: number, from = 0): number[] {
  return Array.from({ length: n }, (_, i) => from + i * every);
}

describe("a gap", () => {
  test.each<[name: string, seconds: number[], gaps: number[]]>([
    ["none in a steady flow", steady(30, 60), []],
    [
      "a pause of 15 minutes and a second",
      [...steady(20, 10), ...steady(10, 10, 190 + 901)],
      [901],
    ],
    ["none in a pause of 15 minutes", [...steady(20, 10), ...steady(10, 10, 190 + 900)], []],
    ["none when the pause is usual for the source", steady(25, 3600), []],
    [
      "ten usual intervals and a second, of a slow source",
      [...steady(20, 300), ...steady(10, 300, 19 * 300 + 3001)],
      [3001],
    ],
    ["none with fewer than 20 records", [...steady(10, 10), ...steady(9, 10, 9000)], []],
    [
      "the longest first",
      [...steady(10, 10), ...steady(10, 10, 2000), ...steady(10, 10, 9000)],
      [6910, 1910],
    ],
    ["bursts at one instant do not make every pause a gap", [...steady(20, 0), 899], []],
  ])("%s", (_name, seconds, gaps) => {
    expect(findGaps(at(...seconds)).map((gap) => gap.seconds)).toEqual(gaps);
  });

  test("runs from the record before it to the record after it", () => {
    const [gap] = findGaps(at(...steady(20, 1), 2000));
    expect(gap).toEqual({
      from: "2026-03-01T00:00:19.000Z",
      to: "2026-03-01T00:33:20.000Z",
      seconds: 1981,
    });
  });
});

describe("silence", () => {
  const busy = { recentCount: 10_000, lastBefore: "2026-03-01T00:00:00Z" };
  test.each<[name: string, quiet: Parameters<typeof isSilent>[0], silent: boolean]>([
    ["a busy source an hour without a word", { ...busy, until: "2026-03-01T01:00:00Z" }, true],
    ["a busy source for ten minutes", { ...busy, until: "2026-03-01T00:10:00Z" }, false],
    [
      "a source of three records a day for an hour",
      { ...busy, recentCount: 21, until: "2026-03-01T01:00:00Z" },
      false,
    ],
    [
      "a source of three records a day for five days",
      { ...busy, recentCount: 21, until: "2026-03-06T00:00:00Z" },
      true,
    ],
    [
      "a source that hardly ever delivers",
      { ...busy, recentCount: 19, until: "2026-04-01T00:00:00Z" },
      false,
    ],
    [
      "a source that never delivered",
      { recentCount: 0, lastBefore: null, until: "2026-04-01T00:00:00Z" },
      false,
    ],
  ])("%s", (_name, quiet, silent) => {
    expect(isSilent(quiet)).toBe(silent);
  });
});

describe("a clock", () => {
  const years = 400 * 86_400;
  test.each<[name: string, delays: number[], skew: number | null]>([
    ["in step, delivered within seconds", steady(20, 0.2, 0.1), 0],
    ["in step, delivered every five minutes", steady(100, 3), -27],
    ["three minutes ahead", steady(20, 0.1, -180), 180],
    ["four minutes behind", steady(20, 0.1, 240), -240],
    ["one wrong time among twenty", [-3000, ...steady(19, 0, 1)], -1],
    ["an import of old data", steady(50, 1, years), null],
    ["a few live records are not enough", [...steady(9, 1), ...steady(50, 1, years)], null],
    ["times of next year are wrong, not ahead", steady(50, 1, -years), null],
    ["no records", [], null],
  ])("%s", (_name, delays, skew) => {
    expect(clockSkew(delays)).toBe(skew);
  });
});

test("the refused share is of all that was sent", () => {
  expect([refusedShare(0, 0), refusedShare(1, 3), refusedShare(2, 0)]).toEqual([0, 0.25, 1]);
});
