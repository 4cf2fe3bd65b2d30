import { expect, test } from "vitest";
import { groupOfKind, kindsAsked, KIND_GROUPS, kindsOfGroup, kindWords } from "./trail-kinds.ts";
import { TRAIL_KINDS } from "#lib/trail/kinds.ts";

test("every kind of entry stands in one group, and no group is empty", () => {
  const all = KIND_GROUPS.flatMap(({ id }) => kindsOfGroup(id));
  expect(all.toSorted()).toEqual([...TRAIL_KINDS].toSorted());
  for (const { id } of KIND_GROUPS) expect(kindsOfGroup(id), id).not.toEqual([]);
  for (const kind of TRAIL_KINDS) expect(kindsOfGroup(groupOfKind(kind)!)).toContain(kind);
});

test("what is no group holds no kind", () => {
  expect(kindsOfGroup("constructor")).toEqual([]);
  expect(groupOfKind("nothing.done")).toBeNull();
});

test("a kind is said in words", () => {
  expect(kindWords("decision.took_effect")).toBe("Decision: took effect");
  expect(kindWords("model_run.started")).toBe("Model run: started");
});

test("kinds and groups are asked for together, each kind once", () => {
  expect(kindsAsked("record,export.requested,note.added")).toEqual([
    ...kindsOfGroup("record"),
    "note.added",
  ]);
  expect(kindsAsked("")).toEqual([]);
  expect(kindsAsked("nothing.done,else.where")).toEqual(["nothing.done"]);
  expect(kindsAsked("nothing.done,note.added")).toEqual(["note.added"]);
});
