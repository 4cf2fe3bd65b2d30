import fc from "fast-check";
import { expect, test } from "vitest";
import { SEVERITIES } from "./severity.ts";
import type { Severity } from "./severity.ts";
import { minutesText, readMinutes, slaFaults } from "./sla.ts";

const by = (minutes: readonly number[]) =>
  Object.fromEntries(SEVERITIES.map((severity, at) => [severity, minutes[at]!])) as Record<
    Severity,
    number
  >;

const ASSIGN = [1440, 480, 120, 30, 15];
const DECIDE = [10_080, 4320, 1440, 240, 60];

test.each([
  ["what came with the product", ASSIGN, DECIDE, []],
  ["the same for every severity", [5, 5, 5, 5, 5], [5, 5, 5, 5, 5], []],
  [
    "none at all",
    [1440, 480, 120, 30, 0],
    DECIDE,
    ["assign critical: From one minute to 90 days."],
  ],
  [
    "half a minute",
    [1440, 480, 120, 30, 0.5],
    DECIDE,
    ["assign critical: From one minute to 90 days."],
  ],
  [
    "more than 90 days",
    ASSIGN,
    [129_601, 4320, 1440, 240, 60],
    ["decide informational: From one minute to 90 days."],
  ],
  [
    "judged before it is taken",
    ASSIGN,
    [10_080, 4320, 1440, 240, 10],
    ["decide critical: Nothing is judged before it must be taken."],
  ],
  [
    "more time for what is worse",
    [1440, 480, 120, 30, 31],
    DECIDE,
    ["assign critical: Longer than for high."],
  ],
])("%s", (_, assign, decide, sentences) => {
  const faults = slaFaults({ assign: by(assign), decide: by(decide) });
  expect(faults.map((one) => `${one.clock} ${one.severity}: ${one.sentence}`)).toEqual(sentences);
});

test.each([
  ["15", 15],
  ["15 min", 15],
  ["4h", 240],
  ["1 d 12 h", 2160],
  ["2 Days 1 hour 5 minutes", 2945],
  ["", null],
  ["soon", null],
  ["-5", null],
  ["1.5 h", null],
])("%s is so many minutes, or none", (text, minutes) => {
  expect(readMinutes(text)).toBe(minutes);
});

test("what is written is read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 129_600 }), (minutes) => {
      expect(readMinutes(minutesText(minutes))).toBe(minutes);
    }),
  );
});
