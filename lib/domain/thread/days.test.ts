import { expect, test } from "vitest";
import { daysIn } from "./days.ts";

const second = (iso: string) => Date.parse(iso) / 1000;
const dayOf = (iso: string, zone: string | null) =>
  new Date(daysIn(zone)(second(iso)) * 86_400_000).toISOString().slice(0, 10);

test.each([
  ["2026-03-01T23:30:00Z", null, "2026-03-01"],
  ["2026-03-01T23:30:00Z", "Europe/Berlin", "2026-03-02"],
  ["2026-03-01T22:59:59Z", "Europe/Berlin", "2026-03-01"],
  ["2026-07-01T22:00:00Z", "Europe/Berlin", "2026-07-02"],
  ["2026-03-01T04:59:59Z", "America/New_York", "2026-02-28"],
  ["2026-03-01T18:14:59Z", "Asia/Kathmandu", "2026-03-01"],
  ["2026-03-01T18:15:00Z", "Asia/Kathmandu", "2026-03-02"],
  ["1969-12-31T23:30:00Z", "Europe/Berlin", "1970-01-01"],
] as const)("%s in %s is %s", (iso, zone, day) => {
  expect(dayOf(iso, zone)).toBe(day);
});
