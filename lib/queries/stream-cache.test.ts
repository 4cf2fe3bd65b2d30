import { expect, test } from "vitest";
import { StreamCache } from "./stream-cache.ts";

const valuesOf = (cache: StreamCache<string>, ...ids: string[]) =>
  ids.map((id) => cache.get(id)?.value ?? null);

test("what was read last of an incident is kept with the root it had", () => {
  const cache = new StreamCache<string>(10);
  cache.set("a", { root: "1", value: "first", records: 3 });
  cache.set("a", { root: "2", value: "second", records: 4 });
  expect(cache.get("a")).toEqual({ root: "2", value: "second", records: 4 });
  expect(cache.get("b")).toBeNull();
});

test("what was not asked for longest makes room, and what is too large is not kept", () => {
  const cache = new StreamCache<string>(10);
  for (const id of ["a", "b"]) cache.set(id, { root: "1", value: id, records: 5 });
  cache.get("a");
  cache.set("c", { root: "1", value: "c", records: 5 });
  expect(valuesOf(cache, "a", "b", "c")).toEqual(["a", null, "c"]);
  cache.set("d", { root: "1", value: "d", records: 11 });
  expect(valuesOf(cache, "a", "c", "d")).toEqual(["a", "c", null]);
  cache.set("a", { root: "2", value: "a2", records: 11 });
  expect(valuesOf(cache, "a", "c")).toEqual([null, "c"]);
  cache.set("e", { root: "1", value: "e", records: 5 });
  expect(valuesOf(cache, "c", "e")).toEqual(["c", "e"]);
});
