import { expect, test } from "vitest";
import { mentionAt, mentionedIn, namedLike } from "./mentions.ts";

const people = ["Ana", "Ana Ruiz", "Bo Larsen", "Öz Ünal"].map((name) => ({ name }));
const named = (text: string) => mentionedIn(text, people).map(({ name }) => name);

test.each([
  ["nobody", "Called the owner.", []],
  ["one, at the end of a sentence", "Ask @Bo Larsen.", ["Bo Larsen"]],
  ["the longer of two names", "@Ana Ruiz has the keys", ["Ana Ruiz"]],
  ["the shorter where the longer does not stand", "@Ana and @Ana Ruizova", ["Ana"]],
  ["whatever the case", "(@bo larsen)", ["Bo Larsen"]],
  ["names outside ASCII", "@Öz Ünal, please", ["Öz Ünal"]],
  ["no address of mail", "mail ana@ana ruiz and x@Bo Larsen", []],
  ["no part of a longer word", "@Bo Larsens", []],
  ["each once", "@Ana @Ana @Bo Larsen", ["Ana", "Bo Larsen"]],
])("names %s", (_name, text, expected) => {
  expect(named(text)).toEqual(expected);
});

test("what is typed after an @ completes to names that begin so, in any part", () => {
  const text = "Ask @lar";
  expect(mentionAt(text, text.length)).toEqual({ start: 4, typed: "lar" });
  expect(namedLike(people, "lar").map(({ name }) => name)).toEqual(["Bo Larsen"]);
  expect(namedLike(people, "an").map(({ name }) => name)).toEqual(["Ana", "Ana Ruiz"]);
  expect(namedLike(people, "Ana did")).toEqual([]);
});

test("no name is looked for in an address, on another line, or where no @ stands", () => {
  expect(mentionAt("a@b", 3)).toBeNull();
  expect(mentionAt("@bo\nthen", 8)).toBeNull();
  expect(mentionAt("bo", 2)).toBeNull();
});
