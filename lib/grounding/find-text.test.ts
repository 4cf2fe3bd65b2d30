import * as fc from "fast-check";
import { expect, test } from "vitest";
import { indexOfText } from "./find-text.ts";

const letters = fc.constantFrom("a", "b", "ab", "aab", "é", "\u{1f600}");
const text = fc.array(letters, { maxLength: 400 }).map((parts) => parts.join(""));

test("answers what indexOf answers", () => {
  fc.assert(
    fc.property(
      text,
      text,
      fc.nat({ max: 300 }),
      fc.nat({ max: 300 }),
      (whole, other, at, from) => {
        const part = whole.slice(at, at + 120);
        for (const wanted of [part, other.slice(0, 40), part + other.slice(0, 3), ""]) {
          expect(indexOfText(whole, wanted, from)).toBe(whole.indexOf(wanted, from));
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test("a thousand false starts before the place are no obstacle", () => {
  const wanted = `${"a".repeat(500)}b${"a".repeat(500)}`;
  const whole = `${"a".repeat(100_000)}b${"a".repeat(499)}c${"a".repeat(2000)}${wanted}`;
  expect(indexOfText(whole, wanted)).toBe(whole.length - wanted.length);
  expect(indexOfText(whole, `${wanted}c`)).toBe(-1);
});

test("twice the text and twice the needle take about twice the time", () => {
  const milliseconds = (n: number): number => {
    const wanted = `${"a".repeat(n / 4)}b${"a".repeat(n / 4)}`;
    const whole = "a".repeat(n);
    const before = process.threadCpuUsage();
    for (let i = 0; i < 20; i++) expect(indexOfText(whole, wanted, i)).toBe(-1);
    const used = process.threadCpuUsage(before);
    return (used.user + used.system) / 1000;
  };
  const ratios = Array.from({ length: 6 }, () => milliseconds(100_000) / milliseconds(50_000));
  expect(Math.min(...ratios)).toBeLessThan(3.2);
});
