import { expect, test } from "vitest";
import type { PersonView } from "#lib/contracts/views.ts";
import { presentNames, presentWords } from "./presence-words.ts";

const person = (name: string, role: PersonView["role"] = "analyst") => ({ id: name, name, role });

test.each([
  [[person("Ana")], "Ana"],
  [[person("Ana"), person("Di", "auditor")], "Ana and Di (auditor)"],
  [["Ana", "Bo", "Cy"].map((name) => person(name)), "Ana, Bo and Cy"],
  [["Ana", "Bo", "Cy", "Di"].map((name) => person(name)), "Ana, Bo and 2 more"],
])("who is here is said in a line", (people, words) => {
  expect(presentNames(people)).toBe(words);
});

test("one and several are told apart", () => {
  expect([1, 2].map(presentWords)).toEqual(["1 other is here", "2 others are here"]);
});
