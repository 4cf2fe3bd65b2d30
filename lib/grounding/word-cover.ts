import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { type Fact, type Group, isAttackerField, patternOf } from "./bindings.ts";
import { type EvidenceIndex, recordsAtMost, selectWhere } from "./evidence-index.ts";
import { CONCEPTS, type Word } from "./lexicon.ts";
import { distinctValues, queryValues, whereAll, whereTerm } from "./query.ts";

const CATEGORY = [
  "event.class",
  "action",
  "outcome",
  "alert.category",
  "alert.status",
  "tactic",
  "vendor",
  "product",
  "log",
  "network.protocol",
  "ticket.status",
  "severity",
] as const;
const MAX_TESTED = 5000;
/** Nouns for things that are counted by their different values. */
const COUNTED: Record<string, RegExp> = {
  host: /host/,
  user: /user|owner/,
  address: /\.ip$/,
  process: /process|parent/,
  file: /file/,
  hash: /hash/,
  port: /port/,
  domain: /domain|dns/,
  technique: /technique/,
  service: /service/,
  url: /url/,
};
const memo = new WeakMap<EvidenceRecord[], Map<string, boolean>>();

/** Whether a group's facts prove a word of the sentence. Order and "started" are judged elsewhere. */
export function coversWord(word: Word, group: Group, facts: Fact[], index: EvidenceIndex): boolean {
  switch (word.class) {
    case "neutral":
    case "contains":
      return true;
    case "negation":
      return isOpenWord(word.text) ? negates(group) : findsNone(group);
    case "top":
      return isTop(group, index);
    case "outcome":
      return (
        outcomesOf(group).includes(word.concept ?? "") ||
        (!isCounted(group) && everyRecord(group, `word:${stem(word.text)}`, says(stem(word.text))))
      );
    case "spawn":
      if (/^(?:ran|runs)$/i.test(word.text)) return everyRecord(group, "ran", hasProcess);
      return everyRecord(group, "spawn", isCreation);
    case "concept":
      return word.concept ? holdsConcept(group, word.concept) : saysWord(group, word.text);
    default:
      return false;
  }
}

/** The outcome a group asserts, or that all its records have. */
export function outcomesOf(group: Group): string[] {
  const asserted = group.terms.flatMap((t) =>
    t.field === "outcome" && t.op === "eq" ? [t.value.toLowerCase()] : [],
  );
  return asserted;
}

/** The outcomes a group's records know, to tell an open word from a conflicting one. */
export function knownOutcomes(records: EvidenceRecord[]): Set<string> {
  const known = new Set<string>();
  for (const r of records.slice(0, MAX_TESTED)) {
    for (const v of queryValues(r, "outcome")) known.add(String(v).toLowerCase());
  }
  return known;
}

/** Whether the words say that something is not so: "other than" and "but" count here too. */
export function negatesText(words: Word[]): boolean {
  return words.some(
    (w) => w.class === "negation" || /^(?:other|but|except|besides)$/i.test(w.text),
  );
}

/** Words for what a source left out: a query for unknown values covers them. */
export function isOpenWord(text: string): boolean {
  return /unknown|unstated|unrecorded|miss|lack|empty|without/i.test(text);
}

export function findsNone(group: Group): boolean {
  return group.facts.some((f) => isNone(f));
}

/** Shows that there are no such records. */
export function isNone({ predicate: p }: Fact): boolean {
  return p.op === "absent" || (p.op === "count" && p.n === 0 && p.cmp !== "gte");
}

export function negates(group: Group): boolean {
  return group.facts.some(
    ({ predicate: p, terms }) =>
      p.op === "absent" ||
      (p.op === "count" && p.n === 0 && p.cmp !== "gte") ||
      terms.some(
        (t) =>
          t.op === "unknown" ||
          t.op === "ne" ||
          (t.field === "time.quality" && /^(?:missing|assumed_)/.test(t.value)),
      ),
  );
}

/** Recounts: some `field=value` of the group's query is more frequent than any other value. */
function isTop(group: Group, index: EvidenceIndex): boolean {
  const terms = group.terms.filter(
    (t) => t.op === "eq" && t.field !== "kind" && t.field !== "source",
  );
  const count = group.facts.find((f) => f.predicate.op === "count");
  if (!count) return false;
  return terms.some((term) => {
    const rest = count.terms
      .filter((t) => t.field !== term.field && t.op === "eq")
      .map((t) => whereTerm(t.field, t.value));
    const all = selectWhere(index, whereAll(...rest));
    if (!all.ok) return false;
    return distinctValues(all.records, term.field).every((value) => {
      if (recordsAtMost(index, term.field, value) < count.predicate.n) return true;
      const one = selectWhere(index, whereAll(...rest, whereTerm(term.field, value)));
      if (!one.ok || one.records.length < count.predicate.n) return true;
      return (
        one.records.length === count.predicate.n && one.records[0] === count.outcome.records[0]
      );
    });
  });
}

function holdsConcept(group: Group, concept: string): boolean {
  const test = CONCEPTS[concept]?.test;
  if (!test) return false;
  const { facts } = group;
  if (concept === "distinct") return facts.some((f) => f.predicate.op === "distinct");
  if (concept === "duration") return facts.some((f) => f.predicate.op === "duration");
  const overFields = facts.some(({ predicate: { op, field } }) => {
    if (op !== "distinct" && op !== "sum" && op !== "all" && op !== "only") return false;
    return nounFits(concept, field) || test(patternOf([{ field, op: "known", value: "" }]));
  });
  if (overFields) return true;
  const isAnyKind = findsNone(group) && !group.terms.some((t) => t.field === "kind");
  if (isAnyKind && ["event", "alert", "incident"].includes(concept)) return true;
  if (group.pattern && test(group.pattern)) return true;
  return everyRecord(group, `concept:${concept}`, test);
}

/** Whether a noun names what a field holds: "hosts" and `host`. */
export function nounFits(concept: string, field: string): boolean {
  return COUNTED[concept]?.test(field) ?? false;
}

export function isCountedNoun(concept: string): boolean {
  return Object.hasOwn(COUNTED, concept);
}

/** A word the records use of themselves in a field no attacker writes, or the query's own word. */
function saysWord(group: Group, text: string): boolean {
  if (/^same$/i.test(text))
    return group.facts.some((f) => f.predicate.op === "field" && f.outcome.records.length > 1);
  const root = stem(text);
  const own = group.terms.some((t) => {
    const inField = t.field.split(/[._]/).some((part) => stem(part) === root);
    return inField || (!isAttackerField(t.field) && t.op === "eq" && hasWord(t.value, root));
  });
  const over = group.facts.some(
    ({ predicate: { op, field } }) =>
      (op === "distinct" || op === "sum" || op === "only" || op === "all") &&
      field.split(/[._]/).some((part) => stem(part) === root),
  );
  return own || over || (!isCounted(group) && everyRecord(group, `word:${root}`, says(root)));
}

/** Words that narrow a count must be part of its query. */
function isCounted(group: Group): boolean {
  return group.facts.some((f) => f.predicate.op === "count");
}

function says(root: string): (record: EvidenceRecord) => boolean {
  return (record) =>
    CATEGORY.some((f) => queryValues(record, f).some((v) => hasWord(String(v), root)));
}

function hasWord(value: string, root: string): boolean {
  if (root.length < 3) return false;
  return value
    .toLowerCase()
    .slice(0, 400)
    .split(/[^\p{L}\p{N}]+/u)
    .some((w) => stem(w) === root);
}

export function stem(word: string): string {
  const lower = word.toLowerCase().replace(/'s$/, "");
  return lower.length > 4 ? lower.replace(/(?:ing|ed|es|s|ion|ions)$/, "") : lower;
}

function hasProcess(record: EvidenceRecord): boolean {
  return record.fields["process.name"] !== undefined || isCreation(record);
}

export function isCreation(record: EvidenceRecord): boolean {
  if (/^(?:1|592|4688|11|4697|7045|4698|4720)$/.test(String(record.fields["event.code"] ?? "")))
    return true;
  const texts = [record.fields["event.class"], record.fields.action];
  return texts.some((t) =>
    /creat|start|launch|spawn|exec|writ|process_activity/i.test(String(t ?? "")),
  );
}

function everyRecord(
  group: Group,
  name: string,
  test: (record: EvidenceRecord) => boolean,
): boolean {
  const { records } = group;
  if (records.length === 0) return group.pattern !== null && test(group.pattern);
  let known = memo.get(records);
  if (!known) memo.set(records, (known = new Map()));
  const before = known.get(name);
  if (before !== undefined) return before;
  const held = records.slice(0, MAX_TESTED).every(test);
  known.set(name, held);
  return held;
}
