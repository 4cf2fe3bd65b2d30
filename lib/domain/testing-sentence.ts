import type { Sentence } from "./sentence.ts";

/** For tests: a sentence as one string, what was said in ‹ ›. */
export function flat(given: Sentence): string {
  return typeof given === "string"
    ? given
    : given.map((part) => (typeof part === "string" ? part : `‹${part.said}›`)).join("");
}
