import { describe, expect, test } from "vitest";
import { findQuantities } from "./quantities.ts";

const HOUR = 3600;

/** What is found, as "type text n", or "type text" for what has no amount. */
function read(text: string): string[] {
  return findQuantities(text, new Uint8Array(text.length))
    .toSorted((a, b) => a.start - b.start)
    .map((e) => [e.type, `'${e.text}'`, e.n ?? []].flat().join(" "));
}

describe("durations", () => {
  test.each<[string, string, number, number]>([
    ["for 3 days", "3 days", 72 * HOUR, 24 * HOUR],
    ["within 5 minutes", "5 minutes", 300, 60],
    ["over 4 min 10 s", "4 min 10 s", 250, 1],
    ["4 minutes and 10 seconds", "4 minutes and 10 seconds", 250, 1],
    ["after 59.5 s", "59.5 s", 59.5, 0.1],
    ["250 ms", "250 ms", 0.25, 0.001],
    ["took 5m30s", "5m30s", 330, 1],
    ["PT5M", "PT5M", 300, 60],
    ["P1DT2H", "P1DT2H", 26 * HOUR, HOUR],
    ["a 24-hour window", "24-hour", 24 * HOUR, HOUR],
    ["five-minute beacons", "five-minute", 300, 60],
    ["an hour later", "an hour", HOUR, HOUR],
    ["half an hour", "half an hour", HOUR / 2, HOUR / 2],
    ["a quarter of an hour", "a quarter of an hour", HOUR / 4, HOUR / 2],
    ["an hour and a half", "an hour and a half", 1.5 * HOUR, HOUR / 2],
    ["two and a half hours", "two and a half hours", 2.5 * HOUR, HOUR / 2],
    ["a minute and 20 seconds", "a minute and 20 seconds", 80, 1],
    ["within a second.", "a second", 1, 1],
    ["lasting 00:05:30", "00:05:30", 330, 1],
    ["2 to 3 hours", "2 to 3 hours", 2.5 * HOUR, HOUR],
    ["1,500 ms", "1,500 ms", 1.5, 0.001],
  ])("%s", (text, span, n, unit) => {
    const [only, ...more] = findQuantities(text, new Uint8Array(text.length));
    expect(more).toEqual([]);
    expect(only).toMatchObject({ type: "duration", text: span, unit });
    expect(only?.n).toBeCloseTo(n, 9);
  });

  test("units of falling size are one amount, others are two", () => {
    expect(read("3 days, 24 hours, 5 days")).toEqual([
      `duration '3 days, 24 hours' ${96 * HOUR}`,
      `duration '5 days' ${120 * HOUR}`,
    ]);
  });

  test("a second alert, a zero-day and the third minute are none", () => {
    expect(read("a second alert about a zero-day, and the 3rd one")).toEqual([]);
  });
});

describe("sizes and shares", () => {
  test.each<[string, string[]]>([
    ["1.2 GB", ["bytes '1.2 GB' 1200000000"]],
    ["1,234 bytes and 5 KiB", ["bytes '1,234 bytes' 1234", "bytes '5 KiB' 5120"]],
    ["2 MiB or 2 MB", ["bytes '2 MiB' 2097152", "bytes '2 MB' 2000000"]],
    [
      "two megabytes, 1.5 million bytes",
      ["bytes 'two megabytes' 2000000", "bytes '1.5 million bytes' 1500000"],
    ],
    ["at 40 MB/s", ["name '40'"]],
    [
      "45 % or 45.5 percent, forty per cent",
      ["percent '45 %' 45", "percent '45.5 percent' 45.5", "percent 'forty per cent' 40"],
    ],
  ])("%s", (text, found) => {
    expect(read(text)).toEqual(found);
  });
});

describe("counts", () => {
  test.each<[string, string[]]>([
    ["47 logons, forty-seven logons", ["count '47' 47", "count 'forty-seven' 47"]],
    ["one hundred and five hosts", ["count 'one hundred and five' 105"]],
    [
      "a dozen, two dozen, half a dozen",
      ["count 'a dozen' 12", "count 'two dozen' 24", "count 'half a dozen' 6"],
    ],
    ["once, twice and thrice", ["count 'once' 1", "count 'twice' 2", "count 'thrice' 3"]],
    [
      "1,234,567 events, 1.2 million, 3k",
      ["count '1,234,567' 1234567", "count '1.2 million' 1200000", "count '3k' 3000"],
    ],
    ["47x and 3 400 requests", ["count '47' 47", "count '3 400' 3400"]],
    ["10-20 hosts", ["count '10' 10", "count '20' 20"]],
    ["45 of 94, 3/5", ["count '45' 45", "count '94' 94", "count '3' 3", "count '5' 5"]],
    ["no one, the one, not one either, at once, once the", []],
    ["two-factor, one-time, 24/7", []],
    [
      "dozens, several, a few, a handful of, a large number of",
      [
        "vague 'dozens'",
        "vague 'several'",
        "vague 'a few'",
        "vague 'a handful'",
        "vague 'a large number'",
      ],
    ],
    ["hundreds of thousands of", ["vague 'hundreds of thousands'"]],
  ])("%s", (text, found) => {
    expect(read(text)).toEqual(found);
  });

  test.each([
    "HTTP 404",
    "status code 200",
    "exit code 1",
    "logon type 3",
    "a score of 9.8",
    "version 2",
    "rule 2024217",
    "top 10",
    "Windows Server 2019",
    "SOC 2",
  ])("%s counts nothing: the number is a name", (text) => {
    expect(read(text)).toEqual([expect.stringMatching(/^name /)]);
  });

  test.each(["about 40 hosts", "~40 hosts", "nearly 40 hosts", "an estimated 40 hosts"])(
    "%s",
    (text) => {
      expect(findQuantities(text, new Uint8Array(text.length))).toMatchObject([
        { type: "count", n: 40, approx: true },
      ]);
    },
  );

  test("an exact number is not approximate", () => {
    const [only] = findQuantities("exactly 40 hosts", new Uint8Array(16));
    expect(only).not.toHaveProperty("approx");
  });
});
