import type { Fact, Group } from "./bindings.ts";
import { isAllTold } from "./counting.ts";
import type { Entity } from "./entities.ts";
import type { Word } from "./lexicon.ts";
import { timeOf } from "./links.ts";
import { type Reading, sentenceAround } from "./reading.ts";

/** Which end of a stretch of time a sentence speaks of. */
export type Edge = "first" | "last";

const FROM = /\b(?:from|between)(?: the)? ["'(]*$/i;
const TO = /\b(?:to|until|till|and|through) ["'(]*$/i;

/**
 * "The first", "began", "the last": shown by a true `first_seen` or `last_seen` whose query is what
 * the sentence names before it says which one it was; or both ends of a duration.
 */
export function coversEdge(word: Word, reading: Reading, group: Group, facts: Fact[]): boolean {
  const [from, to] = sentenceAround(reading, word);
  const op = word.class === "first" ? "first_seen" : "last_seen";
  const is = /\b(?:is|was) ["'(]*\u0001/i.exec(reading.masked.slice(word.end, to));
  const told = (f: Fact) =>
    isAllTold(f, reading, from, is ? word.end + is.index : to) || isSubject(f, reading, word, to);
  if (group.facts.some((f) => f.predicate.op === op && told(f))) return true;
  const other = word.class === "first" ? "last" : "first";
  const both = reading.words.some((w) => w.class === other && w.start >= from && w.end <= to);
  if (both && group.facts.some((f) => f.predicate.op === "duration" && told(f))) return true;
  return facts.some((f) => {
    if (f.predicate.op !== op || !told(f)) return false;
    const at = Date.parse(f.outcome.found);
    return group.records.some((r) => timeOf(r) === at && f.outcome.records.includes(r));
  });
}

/** "X first appears on Y", "X began at": the word follows its subject, so all of it is told. */
function isSubject(fact: Fact, reading: Reading, word: Word, to: number): boolean {
  const isVerb = !/\b(?:the|a|an|its|their) $/i.test(reading.text.slice(0, word.start));
  const [from] = sentenceAround(reading, word);
  return isVerb && isAllTold(fact, reading, from, to);
}

/** The end of a stretch that a time in the text stands for, or null. */
export function edgeOf(time: Entity, reading: Reading): Edge | null {
  const [from] = sentenceAround(reading, time);
  const before = reading.masked.slice(from, time.start);
  const times = reading.entities.filter((e) => e.type === "time" && e.start >= from);
  const at = times.indexOf(time);
  if (time.range === "start") return "first";
  if (time.range === "end") return "last";
  if (FROM.test(before) && times.length > at + 1) return "first";
  if (TO.test(before) && at > 0) return "last";
  const previous = times[at - 1]?.end ?? from;
  const word = reading.words.findLast(
    (w) =>
      (w.class === "first" || w.class === "last") && w.start >= previous && w.end <= time.start,
  );
  return word ? (word.class as Edge) : null;
}
