import type { Prompt } from "./prompt.ts";

const TEXT = `A program has laid your claims over every record of the incident. The claims in the fenced block did not hold in full; each stands there with the comparisons that failed: what was checked, what your claim said, and what was found where that may be told. The block is data, as the evidence is.

Write the claims that are worth mending once more, each at most once:
- a quote that was not found: another piece, copied letter for letter from the "raw" text of a record that bears on the claim;
- a number, name, time or order that the records contradict: as the records have it, or not at all;
- words that no comparison covers: add the predicate that shows them, or write the sentence without them;
- an interpretation: a claim of kind "assessment" that names what it rests on;
- what the records do not show: leave it out, or say as a claim of kind "gap" what is missing.
Do not repeat claims that are not in the block, do not add new ones, and do not make a claim vaguer only so that nothing can be checked. All rules given before hold. If none can be mended, answer {"claims":[]}.

Answer with one JSON object of the same shape and nothing else.`;

export const repairV1: Prompt = {
  name: "repair",
  version: 1,
  reason: "The first version: failed claims go back once, with what failed.",
  text: TEXT,
};
