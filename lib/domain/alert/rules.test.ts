import { expect, test } from "vitest";
import { HOUR, observables } from "./correlate-fixtures.ts";
import { isUbiquitous, linkWeight, reachOf } from "./rules.ts";

test.each<[value: string, reach: string]>([
  ["ip:203.0.113.9", "specific"],
  ["ip:192.168.1.4", "shared"],
  ["ip:fd00::1", "shared"],
  ["ip:0.0.0.0", "none"],
  ["ip:fe80::1", "none"],
  ["ip:255.255.255.255", "none"],
  ["user:alice", "specific"],
  ["user:Administrator", "shared"],
  ["user:DWM-3", "none"],
  ["sid:S-1-5-18", "none"],
  ["hash:d41d8cd98f00b204e9800998ecf8427e", "none"],
  ["host:-", "none"],
])("%s is %s", (value, reach) => {
  expect(reachOf(observables(value)[0]!)).toBe(reach);
});

test.each([
  [10, 50, false],
  [11, 50, true],
  [9, 9, false],
  [10, 10, true],
  [100, 500, false],
  [101, 500, true],
])("a value on %i of the %i newest incidents: ubiquitous %s", (seen, recent, expected) => {
  expect(isUbiquitous(seen, recent)).toBe(expected);
});

test("a weight falls with the time between two sightings", () => {
  const weights = [0, 2, 30, 24 * 8].map((hours) => linkWeight("host", "specific", hours * HOUR));
  expect(weights).toEqual([1, 0.6, 0.3, 0]);
});
