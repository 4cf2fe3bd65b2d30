import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { glimpse } from "./glimpse.ts";
import { daysIn } from "./days.ts";
import { differencesOf, layRows, summed } from "./thread-rows.ts";
import type { Outline, Row } from "./thread-rows.ts";

const DAY = 86_400;

type Made = {
  /** Seconds after the one before. */
  after: number[];
  acts: number[];
  /** Of every so many records from a place on, a fold. */
  fold: { from: number; every: number; count: number } | null;
};

function outlineOf({ after, acts, fold }: Made): Outline {
  let second = 20_000 * DAY;
  const seconds = after.map((by) => (second += by));
  const members = fold
    ? Array.from({ length: fold.count }, (_, n) => fold.from + n * fold.every).filter(
        (index) => index < after.length,
      )
    : [];
  // places backwards: the order of the thread is not the order of arrival
  const positions = seconds.map((_, index) => seconds.length - index);
  return {
    positions: differencesOf(positions),
    seconds: differencesOf(seconds),
    folds:
      members.length < 3
        ? []
        : [
            {
              at: members[0]!,
              head: positions[members[0]!]!,
              count: members.length,
              until: seconds[members.at(-1)!]!,
              members: differencesOf(members),
            },
          ],
    acts: acts
      .map((act) => Math.min(act, after.length))
      .toSorted((x, y) => x - y)
      .map((before, n) => ({
        before,
        entry: {
          id: `n${n}`,
          type: "note",
          time: new Date((seconds[before - 1] ?? 20_000 * DAY) * 1000).toISOString(),
        },
      })),
    ...{ above: 0, below: 0, dayBefore: null },
  };
}

const made = fc.record({
  after: fc.array(fc.constantFrom(0, 1, 60, DAY / 2), { maxLength: 80 }),
  acts: fc.array(fc.nat({ max: 80 }), { maxLength: 4 }),
  fold: fc.option(
    fc.record({
      from: fc.nat({ max: 20 }),
      every: fc.integer({ min: 1, max: 3 }),
      count: fc.nat({ max: 12 }),
    }),
  ),
});

function linesOf(outline: Outline, open: ReadonlySet<number> = new Set()): Row[] {
  const rows = layRows(outline, open);
  return Array.from({ length: rows.count }, (_, row) => rows.at(row));
}

describe("an outline laid out as lines", () => {
  test("holds every record once, in its line or in its fold's, and every act", () => {
    fc.assert(
      fc.property(made, fc.boolean(), (given, opened) => {
        const outline = outlineOf(given);
        const open = new Set(opened ? outline.folds.map(({ head }) => head) : []);
        const rows = layRows(outline, open);
        const lines = linesOf(outline, open);
        const shown = lines.flatMap((line) => (line.kind === "record" ? [line.position] : []));
        const folded = opened ? 0 : outline.folds.reduce((sum, { count }) => sum + count, 0);
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown.length + folded).toBe(given.after.length);
        for (const position of summed(outline.positions)) {
          const line = rows.at(rows.rowOf(position)!);
          const holds =
            line.kind === "fold"
              ? rows.foldOf(position) === line.fold
              : line.kind === "record" && line.position === position;
          expect(holds).toBe(true);
        }
        expect(lines.filter(({ kind }) => kind === "act")).toHaveLength(outline.acts.length);
        expect(rows.odd).toEqual(
          lines.flatMap(({ kind }, row) => (kind === "day" || kind === "act" ? [row] : [])),
        );
      }),
    );
  });

  test("begins each day with its heading and finds the first line at a time", () => {
    const outline = outlineOf({ after: [0, DAY - 1, 1, 5], acts: [3], fold: null });
    expect(linesOf(outline).map((line) => (line.kind === "day" ? line.day : line.kind))).toEqual([
      20_000,
      "record",
      "record",
      20_001,
      "record",
      "act",
      "record",
    ]);
    const rows = layRows(outline, new Set());
    expect([0, 20_001 * DAY, 20_001 * DAY + 1, 1e12].map(rows.rowAtSecond)).toEqual([0, 3, 6, 6]);
  });

  test("begins a day where its reader's zone begins it", () => {
    const outline = outlineOf({ after: [0, DAY - 3_601, 1, 5], acts: [], fold: null });
    const rows = layRows(outline, new Set(), daysIn("Etc/GMT-1"));
    const lines = Array.from({ length: rows.count }, (_, row) => rows.at(row));
    expect(lines.map((line) => (line.kind === "day" ? line.day : line.kind))).toEqual([
      ...[20_000, "record", "record", 20_001, "record", "record"],
    ]);
  });

  test("opens a fold in place: its records stand under its line", () => {
    const outline = outlineOf({
      after: [0, 1, 1, 1, 1],
      acts: [],
      fold: { from: 0, every: 2, count: 3 },
    });
    const kinds = (open: number[]) => linesOf(outline, new Set(open)).map(({ kind }) => kind);
    expect(kinds([])).toEqual(["day", "fold", "record", "record"]);
    expect(kinds([outline.folds[0]!.head])).toEqual([
      ...["day", "fold", "record", "record", "record", "record", "record"],
    ]);
  });
});

describe("a glimpse", () => {
  const long = outlineOf({
    after: Array.from({ length: 3000 }, (_, n) => (n % 100 === 0 ? DAY / 3 : 1)),
    acts: [5, 700, 1500, 2999],
    fold: { from: 1400, every: 2, count: 200 },
  });

  test("tells the same lines at the same numbers as the whole, wherever it looks", () => {
    const whole = linesOf(long);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (position) => {
        const seen = glimpse(long, position);
        const lines = linesOf(seen);
        expect(lines).toHaveLength(whole.length);
        const told = lines.flatMap((line, row) => (line.kind === "unknown" ? [] : [row]));
        expect(told.length).toBeGreaterThan(60);
        expect(told).toContain(layRows(long, new Set()).rowOf(position));
        for (const row of told) expect(nameOf(lines[row]!, seen)).toBe(nameOf(whole[row]!, long));
      }),
      // the last: its stretch would end with the heading of a day
      { numRuns: 40, examples: [[1], [3000], [2019]] },
    );
  });

  test("of a short thread is all of it", () => {
    const short = outlineOf({ after: [0, 1, 2], acts: [], fold: null });
    expect(glimpse(short, null)).toBe(short);
  });
});

/** A line without the numbers that count from where the glimpse begins. */
function nameOf(line: Row, { acts }: Outline): string {
  if (line.kind === "act") return acts[line.act]!.entry.id;
  if (line.kind === "day") return `day ${line.day}`;
  return line.kind === "unknown" ? "unknown" : `${line.kind} ${line.position}`;
}
