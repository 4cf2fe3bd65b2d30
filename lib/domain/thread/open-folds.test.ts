import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utcDay } from "./days.ts";
import { differencesOf, layRows } from "./thread-rows.ts";
import type { Outline, Row } from "./thread-rows.ts";

const DAY = 86_400;
const BEGINS = 20_000 * DAY;

/** A thread by the fold that each record belongs to, none where fewer than three do. */
const made = fc
  .record({
    records: fc.array(
      fc.record({ after: fc.constantFrom(0, 1, 60, DAY / 2), fold: fc.nat({ max: 6 }) }),
      { maxLength: 60 },
    ),
    acts: fc.array(fc.nat({ max: 60 }), { maxLength: 4 }),
    above: fc.nat({ max: 5 }),
    below: fc.nat({ max: 5 }),
    open: fc.array(fc.nat({ max: 6 })),
  })
  .map(({ records, acts, above, below, open }) => {
    let second = BEGINS;
    const seconds = records.map(({ after }) => (second += after));
    const positions = seconds.map((_, index) => seconds.length - index);
    const members = new Map<number, number[]>();
    records.forEach(({ fold }, index) =>
      // the records of fold 0 stand by themselves
      fold === 0 ? null : members.set(fold, [...(members.get(fold) ?? []), index]),
    );
    const folds = [...members.values()]
      .filter(({ length }) => length >= 3)
      .toSorted((one, other) => one[0]! - other[0]!);
    const outline: Outline = {
      positions: differencesOf(positions),
      seconds: differencesOf(seconds),
      folds: folds.map((indexes) => ({
        at: indexes[0]!,
        head: positions[indexes[0]!]!,
        count: indexes.length,
        until: seconds[indexes.at(-1)!]!,
        members: differencesOf(indexes),
      })),
      acts: acts
        .map((act) => Math.min(act, seconds.length))
        .toSorted((x, y) => x - y)
        .map((before, n) => {
          const time = new Date((seconds[before - 1] ?? BEGINS) * 1000).toISOString();
          return { before, entry: { id: `n${n}`, type: "note", time } };
        }),
      ...{ above, below, dayBefore: null },
    };
    const heads = open.flatMap((fold) => outline.folds[fold]?.head ?? []);
    return { outline, seconds, positions, folds, open: new Set(heads) };
  });

type Made = typeof made extends fc.Arbitrary<infer T> ? T : never;
type Line = { row: Row; second: number };

/** The told lines of a thread, one put under another: the plainest way to lay them. */
function plainly({ outline, seconds, positions, folds, open }: Made): Line[] {
  const lines: Line[] = [];
  let day: number | null = null;
  const put = (row: Row, second: number) => {
    if (utcDay(second) !== day) {
      day = utcDay(second);
      lines.push({ row: { kind: "day", day }, second });
    }
    lines.push({ row, second });
  };
  const record = (index: number, inFold: boolean): Row => ({
    ...{ kind: "record", index, position: positions[index]!, second: seconds[index]!, inFold },
  });
  for (let index = 0; index <= seconds.length; index += 1) {
    outline.acts.forEach(({ before, entry }, act) => {
      if (before === index) put({ kind: "act", act }, Date.parse(entry.time!) / 1000);
    });
    const second = seconds[index];
    if (second === undefined) continue;
    const fold = folds.findIndex((indexes) => indexes.includes(index));
    if (fold < 0) put(record(index, false), second);
    if (fold < 0 || folds[fold]![0] !== index) continue;
    const position = positions[index]!;
    const isOpen = open.has(position);
    put({ kind: "fold", fold, position, second, open: isOpen }, second);
    // what stands under a line stands at its time, on its day
    if (isOpen)
      for (const member of folds[fold]!) lines.push({ row: record(member, true), second });
  }
  return lines;
}

describe("a thread with some folds open", () => {
  test("is the one that is laid anew with them, by every way of asking", () => {
    fc.assert(
      fc.property(made, (given) => {
        const { outline, positions, folds, open } = given;
        const { above, below } = outline;
        const rows = layRows(outline, new Set()).opened(open);
        const plain = plainly(given);
        const find = (holds: (row: Row) => boolean) => {
          const at = plain.findIndex(({ row }) => holds(row));
          return at < 0 ? undefined : above + at;
        };
        const unknown = (count: number) => Array.from({ length: count }, () => UNKNOWN);
        expect(Array.from({ length: rows.count }, (_, row) => rows.at(row))).toEqual([
          ...[...unknown(above), ...plain.map(({ row }) => row), ...unknown(below)],
        ]);
        expect(plain.map((_, at) => rows.secondOf(above + at))).toEqual(
          plain.map(({ second }) => second),
        );
        expect(rows.odd).toEqual(
          plain.flatMap(({ row: { kind } }, at) =>
            kind === "day" || kind === "act" ? [above + at] : [],
          ),
        );
        for (const [index, position] of positions.entries()) {
          const fold = folds.findIndex((indexes) => indexes.includes(index));
          expect(rows.foldOf(position)).toBe(fold < 0 ? undefined : fold);
          expect(rows.rowOf(position)).toBe(
            find((row) => row.kind === "record" && row.index === index) ??
              find((row) => row.kind === "fold" && row.fold === fold),
          );
        }
        for (const fold of folds.keys())
          expect(rows.rowOfFold(fold)).toBe(
            find((row) => row.kind === "fold" && row.fold === fold),
          );
        for (const act of outline.acts.keys())
          expect(rows.rowOfAct(act)).toBe(find((row) => row.kind === "act" && row.act === act));
      }),
    );
  });

  test("finds the first line at or after a time, and the last when all came before", () => {
    fc.assert(
      fc.property(made, fc.nat({ max: 20 * DAY }), (given, after) => {
        const rows = layRows(given.outline, given.open);
        const plain = plainly(given);
        const first = plain.findIndex(({ second }) => second >= BEGINS + after);
        expect(rows.rowAtSecond(BEGINS + after)).toBe(
          given.outline.above + (first < 0 ? Math.max(0, plain.length - 1) : first),
        );
      }),
    );
  });

  test("does not depend on what was open before", () => {
    fc.assert(
      fc.property(made, ({ outline, open }) => {
        const all = new Set(outline.folds.map(({ head }) => head));
        const lines = (rows: ReturnType<typeof layRows>) =>
          Array.from({ length: rows.count }, (_, row) => rows.at(row));
        expect(lines(layRows(outline, all).opened(open))).toEqual(lines(layRows(outline, open)));
      }),
    );
  });

  test("opens what is a fold here, and nothing else", () => {
    const outline: Outline = {
      ...{ positions: [3, -1, -1], seconds: [BEGINS, 1, 1], acts: [] },
      folds: [{ at: 0, head: 3, count: 3, until: BEGINS + 2, members: [0, 1, 1] }],
      ...{ above: 0, below: 0, dayBefore: null },
    };
    // E2 is folded away but is not the first, and there is no E9
    const rows = layRows(outline, new Set([2, 9]));
    expect(rows.count).toBe(2);
    expect(rows.opened(new Set([3])).count).toBe(5);
  });
});

const UNKNOWN: Row = { kind: "unknown" };
