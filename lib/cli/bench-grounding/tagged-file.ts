/** The tagged sentences of the repository, and the extractor's score on them. */
import { readFileSync } from "node:fs";
import { readEntities } from "#lib/grounding/extract.ts";
import { type Reader, scoreSentences, type TaggedScore, type TaggedSentence } from "./tagged.ts";

const FILE = new URL("tagged-sentences.jsonl", import.meta.url);

export function readTagged(): TaggedSentence[] {
  const lines = readFileSync(FILE, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as TaggedSentence);
}

/** The extractor as it reads a sentence that belongs to no incident: without a dictionary. */
export function scoreTagged(read: Reader = readEntities): TaggedScore {
  return scoreSentences(readTagged(), read);
}
