import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordDiff } from "./word-diff.ts";

function told(left: string, right: string): { left: string[]; right: string[] } {
  const diff = wordDiff(left, right);
  return {
    left: diff.left.map(([start, end]) => left.slice(start, end)),
    right: diff.right.map(([start, end]) => right.slice(start, end)),
  };
}

describe("what was reworded", () => {
  test.each([
    ["nothing", "5 sign-ins failed", "5  sign-ins failed", [], []],
    ["a number", "7 sign-ins failed", "5 sign-ins failed", ["7"], ["5"]],
    ["an end", "ws-1 was reached", "ws-1 was reached at 02:14", [], ["at 02:14"]],
    ["all of it", "one two", "three", ["one two"], ["three"]],
    ["two places", "a b c d e", "x b c d y", ["a", "e"], ["x", "y"]],
    ["from nothing", "", "new", [], ["new"]],
  ])("%s", (_, left, right, onlyLeft, onlyRight) => {
    expect(told(left, right)).toEqual({ left: onlyLeft, right: onlyRight });
  });

  test("leaves the same words on both sides when it is taken away", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "ws-1"), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [a.join(" "), b.join(" ")];
        const diff = wordDiff(left, right);
        expect(without(left, diff.left)).toEqual(without(right, diff.right));
      }),
    );
  });

  test("of very long texts is told as a whole, and soon", () => {
    const left = "word ".repeat(5000);
    expect(wordDiff(left, `${left} more`)).toEqual({
      left: [[0, left.length]],
      right: [[0, left.length + 5]],
    });
    expect(wordDiff(left, left)).toEqual({ left: [], right: [] });
  });
});

function without(text: string, spans: [number, number][]): string[] {
  let rest = text;
  for (const [start, end] of spans.toReversed()) rest = rest.slice(0, start) + rest.slice(end);
  return rest.split(/\s+/).filter(Boolean);
}
