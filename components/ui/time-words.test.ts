import fc from "fast-check";
import { expect, test } from "vitest";
import { zoneOf } from "./preferences.ts";
import { utcClock, utcWords, zonedClock, zonedDay, zonedWords } from "./time-words.ts";

const AT = "2026-03-01T23:30:05.123Z";

test.each([
  ["Europe/Berlin", "2026-03-02 00:30:05 GMT+1", "00:30:05", "2026-03-02"],
  ["Asia/Kolkata", "2026-03-02 05:00:05 GMT+5:30", "05:00:05", "2026-03-02"],
  ["America/New_York", "2026-03-01 18:30:05 GMT-5", "18:30:05", "2026-03-01"],
])("a time in %s says its offset", (zone, words, clock, day) => {
  expect(zonedWords(AT, zone)).toBe(words);
  expect(zonedClock(AT, zone)).toBe(clock);
  expect(zonedDay(AT, zone)).toBe(day);
});

test("milliseconds are those of the instant, and summer time is told by the offset", () => {
  expect(zonedWords(AT, "Europe/Berlin", true)).toBe("2026-03-02 00:30:05.123 GMT+1");
  expect(zonedWords("2026-07-01T12:00:00Z", "Europe/Berlin")).toBe("2026-07-01 14:00:00 GMT+2");
});

test("without a zone every time is UTC", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
      const iso = date.toISOString();
      expect(zonedWords(iso, null)).toBe(utcWords(iso));
      expect(zonedClock(iso, null)).toBe(utcClock(iso));
      expect(zonedDay(iso, null)).toBe(iso.slice(0, 10));
    }),
  );
});

test("what is no time stays as it is", () => {
  expect(zonedWords("yesterday", "Europe/Berlin")).toBe("yesterday");
});

test.each([
  ["Europe%2FBerlin", "Europe/Berlin"],
  ["Europe/Berlin", "Europe/Berlin"],
  ["utc", null],
  [undefined, null],
  ["Mars/Olympus", null],
  ["%E0%A4%A", null],
  ["<script>", null],
])("the cookie %j is the zone %j", (cookie, zone) => {
  expect(zoneOf(cookie)).toBe(zone);
});
