import { expect, test } from "vitest";
import { earlierOrigins, isNameOf, nextOrigin } from "./origin.ts";

test.each<[string, string[]]>([
  ["a/trail", []],
  ["a/trail/1", []],
  ["a/trail/02", []],
  ["a/trail/2", ["a/trail"]],
  ["a/trail/4", ["a/trail/3", "a/trail/2", "a/trail"]],
])("the names that %s had before are %j", (origin, earlier) => {
  expect(earlierOrigins(origin)).toEqual(earlier);
  expect(earlierOrigins(nextOrigin(origin))).toEqual([origin, ...earlier]);
  for (const name of [origin, ...earlier]) expect(isNameOf(name, origin)).toBe(true);
  for (const name of [`${origin}/2`, "b/trail", "a", ""])
    expect(isNameOf(name, origin)).toBe(false);
});
