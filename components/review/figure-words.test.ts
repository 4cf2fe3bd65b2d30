import { expect, test } from "vitest";
import { rateOf } from "#lib/domain/review/measures.ts";
import { durationWords, rateWords } from "./figure-words.ts";

test.each([
  [0, "0 s"],
  [42_000, "42 s"],
  [-3_000, "-3 s"],
  [90_000, "90 s"],
  [5_400_000, "90 min"],
  [9_000_000, "2.5 h"],
  [172_800_000, "2 d"],
])("%i ms reads %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test("a share is never told without how many it is of and where it may lie", () => {
  expect(rateWords(rateOf(1, 4)!)).toBe("25.0 % (4.6 to 69.9 %) of 4");
});
