import { describe, expect, test } from "vitest";
import { filterOf, instantOf, trailParams } from "./trail-params.ts";

const EMPTY = Object.fromEntries(Object.keys(trailParams).map((key) => [key, ""])) as Parameters<
  typeof filterOf
>[0];

describe("a time in the address", () => {
  test.each([
    ["2026-03-01T02:14", "2026-03-01T02:14:00.000Z"],
    ["2026-03-01 02:14:07", "2026-03-01T02:14:07.000Z"],
    ["2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T02:14:07.250Z", "2026-03-01T02:14:07.250Z"],
    ["2026-03-01T02:14+01:00", "2026-03-01T01:14:00.000Z"],
    ["2026-13-01", ""],
    ["yesterday", ""],
    ["+275760-09-13T00:00", ""],
    ["", ""],
  ])("%s is %s", (written, instant) => {
    expect(instantOf(written)).toBe(instant);
  });
});

test("what cannot be meant is not asked for, the rest is", () => {
  const asked = {
    ...EMPTY,
    incident: "inc-7",
    kind: "DROP TABLE",
    from: "soon",
    actor: "system:gate",
  };
  expect(filterOf(asked)).toEqual({ ...EMPTY, incident: "INC-000007", actor: "system:gate" });
});
