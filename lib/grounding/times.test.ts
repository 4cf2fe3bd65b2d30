import { describe, expect, test } from "vitest";
import { findTimes, timeCovers } from "./times.ts";

const NIGHT = "2026-03-12T02:14:07.000Z";
const read = (text: string) => findTimes(text, new Uint8Array(text.length));

/** Whether the one time in a text names an instant. */
function names(text: string, instant: string): boolean {
  const [only, ...more] = read(text);
  expect(more, text).toEqual([]);
  return only !== undefined && timeCovers(only, Date.parse(instant));
}

describe("every form names its instant, and not one a minute, a day or a year off", () => {
  test.each<[string, string]>([
    ["at 2026-03-12T02:14:07Z it", "2026-03-12T02:14:07Z"],
    ["2026-03-12T02:14:07.000+00:00", "2026-03-12T02:14:07.000+00:00"],
    ["2026-03-12 02:14:07 UTC,", "2026-03-12 02:14:07 UTC"],
    ["2026-03-12 03:14:07 +0100", "2026-03-12 03:14:07 +0100"],
    ["2026/03/12 02:14:07", "2026/03/12 02:14:07"],
    ["20260312T021407Z", "20260312T021407Z"],
    ["20260312021407Z", "20260312021407Z"],
    ["[12/Mar/2026:02:14:07 +0000]", "12/Mar/2026:02:14:07 +0000"],
    ["Thu, 12 Mar 2026 02:14:07 +0000", "Thu, 12 Mar 2026 02:14:07 +0000"],
    ["Thu Mar 12 02:14:07 2026", "Thu Mar 12 02:14:07 2026"],
    ["Thu Mar 12 02:14:07 UTC 2026", "Thu Mar 12 02:14:07 UTC 2026"],
    ["March 12, 2026 at 2:14:07 AM UTC.", "March 12, 2026 at 2:14:07 AM UTC"],
    ["the 12th of March 2026, 02:14:07", "12th of March 2026, 02:14:07"],
    ["02:14:07 UTC on 12 March 2026", "02:14:07 UTC on 12 March 2026"],
    ["03/12/2026 02:14:07", "03/12/2026 02:14:07"],
    ["12.03.2026 02:14:07", "12.03.2026 02:14:07"],
    ["2026-03-11 21:14:07 EST", "2026-03-11 21:14:07 EST"],
    ["2026-03-12 04:14:07 (UTC+2)", "2026-03-12 04:14:07 (UTC+2)"],
    ["epoch 1773281647", "1773281647"],
    ["ts=1773281647.000000", "1773281647.000000"],
    ["1773281647000", "1773281647000"],
    ["FILETIME 134177552470000000", "134177552470000000"],
  ])("%s", (text, span) => {
    expect(read(text).map((e) => e.text)).toEqual([span]);
    expect(names(text, NIGHT)).toBe(true);
    for (const other of ["2026-03-12T02:15:07Z", "2026-03-13T02:14:07Z", "2025-03-12T02:14:07Z"])
      expect(names(text, other), other).toBe(false);
  });
});

describe("what a text leaves open", () => {
  test.each<[string, string, boolean]>([
    ["Mar 12 02:14:07", "2024-03-12T02:14:07Z", true],
    ["Mar 12 02:14:07", "2024-03-13T02:14:07Z", false],
    ["at 02:14", "2026-05-01T02:14:59Z", true],
    ["at 02:14", "2026-05-01T02:15:00Z", false],
    ["at 02:14 +02:00", "2026-05-01T00:14:00Z", true],
    ["at 2am UTC", "2026-05-01T02:59:00Z", true],
    ["at 0214Z", "2026-05-01T02:14:30Z", true],
    ["on 2026-03-12", "2026-03-12T23:59:59Z", true],
    ["in March 2026", "2026-03-31T10:00:00Z", true],
    ["in March 2026", "2026-04-01T10:00:00Z", false],
    ["on May 5", "2031-05-05T10:00:00Z", true],
    ["03/04/2026", "2026-04-03T10:00:00Z", true],
    ["03/04/2026", "2026-03-04T10:00:00Z", true],
    ["2026-03-12T02:14:07.12Z", "2026-03-12T02:14:07.129Z", true],
    ["2026-03-12T02:14:07.12Z", "2026-03-12T02:14:07.130Z", false],
    ["2026-03-12 24:00", "2026-03-13T00:00:00Z", true],
    ["Fri, 12 Mar 2026 02:14:07", NIGHT, false],
    ["2026-13-45", NIGHT, false],
  ])("%s and %s: %s", (text, instant, is) => {
    expect(names(text, instant)).toBe(is);
  });

  test("a zone that nobody can place names no instant", () => {
    expect(read("at 02:14 local time")).toMatchObject([{ text: "02:14", zone: "unknown" }]);
    expect(names("at 02:14 local time", NIGHT)).toBe(false);
    expect(names("at 02:14 IST", NIGHT)).toBe(false);
  });
});

describe("ranges", () => {
  test.each<[string, string, string, string, string]>([
    [
      "between 02:14 and 02:20 UTC",
      "02:14",
      "2026-03-12T02:14:30Z",
      "02:20 UTC",
      "2026-03-12T02:20:30Z",
    ],
    ["02:14-02:20 +02:00", "02:14", "2026-03-12T00:14:30Z", "02:20 +02:00", "2026-03-12T00:20:30Z"],
    ["from 2:14 to 2:20 PM", "2:14", "2026-03-12T14:14:30Z", "2:20 PM", "2026-03-12T14:20:30Z"],
    [
      "2026-03-12 02:14 to 02:20",
      "2026-03-12 02:14",
      "2026-03-12T02:14:30Z",
      "02:20",
      "2026-03-12T02:20:30Z",
    ],
    [
      "between 1 and 3 March 2026, 1 March until 3 March 2026",
      "1 March",
      "2026-03-01T09:00:00Z",
      "3 March 2026",
      "2026-03-03T09:00:00Z",
    ],
  ])("%s", (text, first, start, second, end) => {
    const ends = read(text).filter((e) => e.range);
    expect(ends).toMatchObject([
      { text: first, range: "start" },
      { text: second, range: "end" },
    ]);
    expect(ends.map((e, i) => timeCovers(e, Date.parse([start, end][i] ?? "")))).toEqual([
      true,
      true,
    ]);
  });

  test("an end without a date has that of the other", () => {
    for (const end of read("2026-03-12 02:14 to 02:20"))
      expect(timeCovers(end, Date.parse("2025-03-12T02:14:30Z"))).toBe(false);
  });

  test("two times that are told apart are no range", () => {
    expect(read("at 02:14 and 02:20 UTC").some((e) => e.range)).toBe(false);
  });
});

test.each([
  "version 2026.3.1",
  "1773281647 bytes",
  "in 2026 records",
  "unknown in 1960 of 1960 events",
  "may 12 hosts",
  "at 25:00",
  "2026-03-01.log",
  "10.0.0.5:445",
  "for 00:05:30",
  "decoded 12",
])("no time: %s", (text) => {
  expect(read(text)).toEqual([]);
});
