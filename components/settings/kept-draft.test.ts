import { expect, test } from "vitest";
import { z } from "zod";
import { dropDraft, keepDraft, readDraft, type DraftStore } from "./kept-draft.ts";

const schema = z.object({ reason: z.string() });
const draft = { at: "2026-11-22T12:03:00.000Z", base: 4, value: { reason: "Because." } };
const ana = { of: "policy", personId: "ana", schema } as const;

function emptyStore(): DraftStore & { held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, text) => void held.set(name, text),
    removeItem: (name) => void held.delete(name),
  };
}

test("a draft comes back as it was, to its person and its thing alone, until it is dropped", () => {
  const store = emptyStore();
  keepDraft(store, ana, draft);
  expect(readDraft(store, ana)).toEqual(draft);
  expect(readDraft(store, { ...ana, personId: "bo" })).toBeNull();
  expect(readDraft(store, { ...ana, of: "automation" })).toBeNull();
  dropDraft(store, ana);
  expect(readDraft(store, ana)).toBeNull();
  expect(store.held.size).toBe(0);
});

test.each([
  ["no JSON", "{"],
  ["nothing of a draft", "[]"],
  ["a draft of another layout", JSON.stringify({ ...draft, value: { words: "Because." } })],
  ["a time that is none", JSON.stringify({ ...draft, at: "noon" })],
])("what is %s is not taken up", (_, text) => {
  const store = emptyStore();
  keepDraft(store, ana, draft);
  for (const name of store.held.keys()) store.held.set(name, text);
  expect(readDraft(store, ana)).toBeNull();
});

test("a browser that refuses its storage only forgets", () => {
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  const store = { getItem: refuse, setItem: refuse, removeItem: refuse };
  keepDraft(store, ana, draft);
  dropDraft(store, ana);
  expect(readDraft(store, ana)).toBeNull();
});
