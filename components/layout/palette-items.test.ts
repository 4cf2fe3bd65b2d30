import { expect, test } from "vitest";
import { matching, searchItems } from "./palette-items.ts";
import type { PaletteItem } from "./palette-items.ts";

const item = (words: string, hint?: string): PaletteItem => ({
  id: words,
  group: "Go to",
  words,
  hint,
  href: "/",
});
const ITEMS = [item("Propose closure", "c"), item("Close the record"), item("Trail")];

test("every word must be there, and what begins with them comes first", () => {
  const words = (typed: string) => matching(ITEMS, typed).map((each) => each.words);
  expect(words("")).toHaveLength(3);
  expect(words("clos")).toEqual(["Close the record", "Propose closure"]);
  expect(words("CLOS prop")).toEqual(["Propose closure"]);
  expect(words("nowhere")).toEqual([]);
});

test.each([
  ["inc-7", "/incidents/INC-000007"],
  ["123", "/incidents/INC-000123"],
  ["evil.example & co", "/incidents?view=all&q=evil.example+%26+co"],
])("%j leads to %s by itself", (typed, href) => {
  expect(searchItems(typed)).toMatchObject([{ href }]);
});

test("nothing typed leads nowhere", () => {
  expect(searchItems("  ")).toEqual([]);
});
