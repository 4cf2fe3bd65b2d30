import { entityIs, type Fact, type Group } from "./bindings.ts";
import type { Entity } from "./entities.ts";
import type { Word } from "./lexicon.ts";
import { parseWhere, type Term } from "./query.ts";
import { type Reading, sentenceAround } from "./reading.ts";
import { isTold } from "./told.ts";
import { isCountedNoun, nounFits } from "./word-cover.ts";

const ONLY = /^(?:only|solely|exclusively|sole|no other|nothing else|none but)$/i;
const SKIPPED =
  /^(?:of|the|these|those|its|their|in|from|to|by|on|for|as|with|at|were|was|are|is)$/i;
const RECORD_NOUNS = new Set(["alert", "event", "incident", "logon", "connection"]);
type Near = { entity: Entity | null; word: Word | null };

/**
 * "All", "every" and "only" need a true predicate that says so, whose query is the one the sentence
 * tells: each term of it is told by a name, a number or a noun. "All hosts" needs every host there is.
 */
export function coversUniversal(
  word: Word,
  reading: Reading,
  group: Group,
  facts: Fact[],
): boolean {
  const [from, to] = sentenceAround(reading, word);
  const told = (terms: Term[]) => terms.every((t) => isTold(t, reading, from, to));
  const next = nextTo(word, reading, to);
  if (ONLY.test(word.text)) return coversOnly(word, next, reading, group, told);
  const noun = next.word?.concept;
  if (noun && isCountedNoun(noun)) {
    return group.facts.some(
      ({ predicate: p }) =>
        p.op === "all" && p.value === "" && nounFits(noun, p.field) && told(queryOf(p.where)),
    );
  }
  const every = group.facts.some(({ predicate: p }) => {
    if ((p.op !== "all" && p.op !== "only") || p.value === "") return false;
    const asserted: Term = { field: p.field, op: "eq", value: p.value };
    return told([...queryOf(p.where), asserted]) && !limitsItself(p.where, p.field);
  });
  return every || (isAboutRecords(next) && countsAll(group, facts, told));
}

/** "Only ws-014", "from 10.0.3.71 only": the name beside the word is the one value there is. */
function coversOnly(
  word: Word,
  next: Near,
  reading: Reading,
  group: Group,
  told: (terms: Term[]) => boolean,
): boolean {
  const before = reading.entities.findLast((e) => e.end <= word.start);
  const gap = before ? reading.text.slice(before.end, word.start) : "x";
  const isLast = /^\s*(?:$|[.,;)])/.test(reading.text.slice(word.end));
  const beside = /^["')]* ?$/.test(gap) ? isLast : /^["')]* (?:is|was|are|were) the $/i.test(gap);
  const names = [next.entity, (beside && before) || null].filter((e) => e !== null);
  const isNamed = (field: string, value: string) =>
    names.some((e) => entityIs(e, field, value)) ||
    (next.word?.class === "outcome" && next.word.concept === value.toLowerCase());
  return group.facts.some(({ predicate: p, terms }) => {
    if (p.op === "all" || p.op === "only") {
      if (p.value === "" || limitsItself(p.where, p.field)) return false;
      return isNamed(p.field, p.value) && told(queryOf(p.where));
    }
    if (p.op !== "absent") return false;
    const other = terms.find((t) => t.op === "ne");
    return (
      other !== undefined &&
      isNamed(other.field, other.value) &&
      told(terms.filter((t) => t !== other))
    );
  });
}

/** "All 12 alerts are high": one query counts as many as a wider one. */
function countsAll(group: Group, facts: Fact[], told: (terms: Term[]) => boolean): boolean {
  const counts = (fs: Fact[]) =>
    fs.filter((f) => f.predicate.op === "count" && f.predicate.cmp !== "gte" && f.predicate.n > 0);
  const keys = (f: Fact) =>
    new Set(f.terms.map((t) => `${t.field}${t.op}${t.value.toLowerCase()}`));
  return counts(group.facts).some((narrow) =>
    counts(facts).some((wide) => {
      const [a, b] = [keys(narrow), keys(wide)];
      if (wide.predicate.n !== narrow.predicate.n || b.size >= a.size) return false;
      return [...b].every((k) => a.has(k)) && told(narrow.terms);
    }),
  );
}

/** The thing right after the word: its name or its noun, whichever comes first. */
function nextTo(word: Word, reading: Reading, to: number): Near {
  const after = reading.words.find(
    (w) => w.start >= word.end && w.end <= to && !SKIPPED.test(w.text),
  );
  const entity = reading.entities.find(
    (e) => e.start >= word.end && e.end <= to && e.type !== "count",
  );
  if (entity && after && after.start < entity.start && !isTypeNoun(after, entity, reading)) {
    return { entity: null, word: after };
  }
  return { entity: entity ?? null, word: after ?? null };
}

/** "only host ws-014": the noun belongs to the name. */
function isTypeNoun(word: Word, entity: Entity, reading: Reading): boolean {
  return word.concept !== undefined && /^[ "'(]*$/.test(reading.text.slice(word.end, entity.start));
}

/** "all 12 alerts" can be counted; "all hosts" is about more than the records. */
function isAboutRecords({ word }: Near): boolean {
  return word !== null && (RECORD_NOUNS.has(word.concept ?? "") || /^records?$/i.test(word.text));
}

/** `where user=*` leaves out what is not known: "all" of those is not all. */
function limitsItself(where: string, field: string): boolean {
  return queryOf(where).some((t) => t.op === "known" && t.field === field);
}

function queryOf(where: string): Term[] {
  const parsed = parseWhere(where);
  return parsed.ok ? parsed.terms : [];
}
