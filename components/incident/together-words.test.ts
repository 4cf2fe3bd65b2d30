import { expect, test } from "vitest";
import type { TogetherOutcome } from "#lib/contracts/together-views.ts";
import { doneWords, notDoneWords } from "./together-words.ts";

const refused = (count: number): TogetherOutcome["refused"] =>
  Array.from({ length: count }, (_, n) => ({
    incidentId: String(n),
    number: `INC-${n}`,
    code: "incident_taken",
    message: "Bob has this incident.",
  }));
const ids = (count: number) => Array.from({ length: count }, (_, n) => String(n));

test.each([
  [38, 0, 2, "38 assigned to you, 2 not"],
  [3, 0, 0, "3 assigned to you"],
  [1, 4, 0, "1 assigned to you, 4 already"],
  [0, 2, 1, "0 assigned to you, 2 already, 1 not"],
])("%i changed, %i as they were, %i refused: %s", (changed, unchanged, not, words) => {
  const outcome = { changed: ids(changed), unchanged: ids(unchanged), refused: refused(not) };
  expect(doneWords("assigned to you", outcome)).toBe(words);
});

test("the first few that were not done are named with their reason", () => {
  expect(notDoneWords([])).toBeUndefined();
  expect(notDoneWords(refused(1))).toBe("INC-0: Bob has this incident.");
  expect(notDoneWords(refused(5))).toMatch(/^INC-0: .* INC-1: .* INC-2: .* And 2 more\.$/);
});
