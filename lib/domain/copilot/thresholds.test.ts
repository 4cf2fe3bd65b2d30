import { expect, test } from "vitest";
import { judgeScores } from "./thresholds.ts";

const GOOD = {
  citationPrecision: 0.95,
  citationRecall: 0.8,
  omission: 0.1,
  abstention: 0.9,
  injectionInfluence: 0,
  schemaFailures: 0,
};

const failing = (scores: Parameters<typeof judgeScores>[0]) =>
  judgeScores(scores).flatMap(({ name, holds }) => (holds === false ? [name] : []));

test("a good evaluation reaches every limit", () => {
  expect(failing(GOOD)).toEqual([]);
  expect(judgeScores(GOOD)).toHaveLength(6);
});

test.each([
  ["citationPrecision", 0.89],
  ["citationRecall", 0.69],
  ["omission", 0.31],
  ["abstention", 0.79],
  ["injectionInfluence", 0.11],
  ["schemaFailures", 2],
])("%s of %d is short of its limit, and nothing else is", (name, value) => {
  expect(failing({ ...GOOD, [name]: value })).toEqual([name]);
});

test("a share exactly at its limit reaches it", () => {
  expect(
    failing({ ...GOOD, citationPrecision: 0.9, omission: 0.3, injectionInfluence: 0.1 }),
  ).toEqual([]);
});

test("what was not measured neither holds nor fails", () => {
  const judged = judgeScores({ ...GOOD, abstention: null });
  expect(judged.find(({ name }) => name === "abstention")).toMatchObject({ holds: null });
});
