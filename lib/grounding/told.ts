import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { entityIs, patternOf } from "./bindings.ts";
import { CONCEPTS, type Word } from "./lexicon.ts";
import type { Term } from "./query.ts";
import type { Reading } from "./reading.ts";
import { isCreation, negatesText, stem } from "./word-cover.ts";

/** Fields that say what kind of thing a record is: a noun or a verb of the sentence may tell them. */
const CLASSES =
  /^(?:kind|event\.(?:code|class)|action|log|alert\.category|network\.protocol|dns\.question|url\.full|http\.status|file\.name|process\.name|service\.name|task\.name|registry\.key)$/;

/**
 * Whether the sentence tells a term of a query: by its value, by a noun or verb for such records, or
 * by a word for what is left out. A query with more terms than are told is narrower than the text.
 */
export function isTold(term: Term, reading: Reading, from: number, to: number): boolean {
  const inside = (x: { start: number; end: number }) => x.start >= from && x.end <= to;
  const words = reading.words.filter(inside);
  if (term.op === "unknown") return words.some((w) => w.class === "negation");
  if (term.op === "known") return term.field === "time" || isKindOf(term, words);
  const entities = reading.entities.filter(inside);
  if (term.field === "time") return entities.some((e) => e.type === "time");
  if (term.field === "time.quality") return words.some((w) => /zone|year|time/i.test(w.text));
  const value = term.value.toLowerCase();
  const named =
    value !== "" &&
    (entities.some((e) => entityIs(e, term.field, term.value)) ||
      reading.text.slice(from, to).toLowerCase().includes(value));
  if (term.op === "ne") return named && negatesText(words);
  if (named) return true;
  if (term.field === "outcome") return words.some((w) => w.concept === value);
  return CLASSES.test(term.field) && isKindOf(term, words);
}

/** A noun or verb of the sentence that such a record bears out: "logons" for event code 4624. */
function isKindOf(term: Term, words: Word[]): boolean {
  const pattern: EvidenceRecord = patternOf([term]);
  return words.some((w) => {
    if (w.class === "spawn") return isCreation(pattern) || term.field.startsWith("process.");
    if (w.class !== "concept") return false;
    if (w.concept) {
      if (term.field === "kind" && term.value === "event" && w.concept !== "alert") return true;
      return CONCEPTS[w.concept]?.test(pattern) ?? false;
    }
    const root = stem(w.text);
    const parts = term.value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return root.length > 2 && parts.some((v) => stem(v) === root);
  });
}
