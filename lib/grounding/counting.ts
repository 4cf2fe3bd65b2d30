import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { boundFields, type Fact, type Group } from "./bindings.ts";
import { check } from "./checks.ts";
import type { Entity } from "./entities.ts";
import { type Reading, sentenceAround } from "./reading.ts";
import { isTold } from "./told.ts";
import { isCountedNoun, nounFits, stem } from "./word-cover.ts";

type Uncounted = { start: number; end: number; word: null; entity: Entity };
/** The amounts a phrase leaves possible: "at least 3" is 3 and more. */
type Range = { low: number; high: number };

const NUMBERED = new Set(["count", "distinct", "sum"]);
/** "About 50" is contradicted by what is further off than this share of it. */
const APPROX = 0.25;

/** What a number says with the words before it: "more than 3", "at most 3", "3". */
export function rangeOf(entity: Entity, reading: Reading): Range {
  const n = entity.n ?? Number.NaN;
  const step = 1;
  const before = reading.text.slice(Math.max(0, entity.start - 24), entity.start).toLowerCase();
  const after = reading.text.slice(entity.end, entity.end + 12).toLowerCase();
  const isOver = entity.type !== "duration" && /\b(?:over|above) $/.test(before);
  if (/\bat least $/.test(before) || /^ or more\b/.test(after)) return { low: n, high: Infinity };
  if (/\b(?:at most|up to|no more than|not more than) $/.test(before)) return { low: 0, high: n };
  if (isOver || /\b(?:more than|greater than|exceeding|upwards of) $/.test(before))
    return { low: n + step, high: Infinity };
  if (/\b(?:less than|fewer than|under|below) $/.test(before)) return { low: 0, high: n - step };
  return { low: n, high: n };
}

/** The facts of a group that make a number true, with the words that compare it. */
export function countedBy(entity: Entity, reading: Reading, group: Group): Fact[] {
  if (entity.approx) return [];
  const said = rangeOf(entity, reading);
  return group.facts.filter((f) => {
    const shown = shownBy(f);
    if (!shown || shown.low < said.low || shown.high > said.high) return false;
    return f.predicate.op === "count" || fitsNoun(f.predicate.field, entity, reading);
  });
}

/** Different values of `host` are counted as hosts, not as events. */
function fitsNoun(field: string, entity: Entity, reading: Reading): boolean {
  const parts = field.split(/[._]/);
  const next = reading.words.filter((w) => w.start >= entity.end).slice(0, 4);
  for (const w of next) {
    const noun = w.text.toLowerCase();
    if (nounFits(w.concept ?? "", field)) return true;
    if (parts.some((part) => noun === part || noun === `${part}s` || stem(noun) === stem(part)))
      return true;
    if (w.class === "concept" && w.concept !== "distinct") return false;
  }
  return false;
}

function shownBy({ predicate: { op, cmp, n, value } }: Fact): Range | null {
  if (op === "all") return value === "" && n > 0 ? { low: n, high: n } : null;
  if (!NUMBERED.has(op)) return null;
  if (cmp === "gte") return { low: n, high: Infinity };
  return { low: cmp === "lte" ? 0 : n, high: n };
}

/** The fields by which a group covers a number; empty when it does not. */
export function countFields(entity: Entity, reading: Reading, group: Group): string[] {
  return countedBy(entity, reading, group).map(() => "count");
}

/**
 * The fields by which a group covers a size or a length of time: sent is not received, "5 Mb" are
 * bits, and "more than 5 MB" needs a predicate that says so.
 */
export function amountFields(entity: Entity, reading: Reading, group: Group): string[] {
  if (entity.approx || (/\d ?[kmgtp]i?b$/i.test(entity.text) && entity.text.endsWith("b")))
    return [];
  const { low, high } = rangeOf(entity, reading);
  const isCompared = low !== high;
  const facts = isCompared
    ? group.facts.filter((f) =>
        high === Infinity ? f.predicate.cmp === "gte" : f.predicate.cmp === "lte",
      )
    : group.facts;
  const fields = boundFields(entity, { ...group, facts });
  if (entity.type !== "bytes") return fields;
  const [from, to] = sentenceAround(reading, entity);
  const way: string[] = reading.words
    .filter((w) => w.start >= from && w.end <= to && /^bytes(?:Out|In)$/.test(w.concept ?? ""))
    .map((w) => (w.concept === "bytesOut" ? "network.bytes_out" : "network.bytes_in"));
  return way.length === 0 ? fields : fields.filter((f) => way.includes(f));
}

/** The 94 of "45 of 94": the second number of a share. */
export function isWhole(entity: Entity, reading: Reading): boolean {
  return /\d\S{0,40} (?:out )?of (?:the |all )?$/i.test(
    reading.text.slice(Math.max(0, entity.start - 32), entity.start),
  );
}

/** Counted by a wider query, of which the group's is a part. */
export function countsWhole(entity: Entity, group: Group, groups: Group[]): boolean {
  const own = new Set(group.terms.map((t) => `${t.field}${t.op}${t.value.toLowerCase()}`));
  return groups.some((g) =>
    g.facts.some(
      ({ predicate, terms }) =>
        predicate.op === "count" &&
        predicate.n === entity.n &&
        terms.length < own.size &&
        terms.every((t) => own.has(`${t.field}${t.op}${t.value.toLowerCase()}`)),
    ),
  );
}

export function counts(group: Group): boolean {
  return group.facts.some((f) => f.predicate.op === "count" || f.predicate.op === "distinct");
}

export function countConflict(
  entity: Entity,
  reading: Reading,
  group: Group | null,
): ClaimCheck | null {
  const counted = group?.facts.filter((f) => ["count", "distinct"].includes(f.predicate.op)) ?? [];
  const [first] = counted;
  if (!first || isNear(entity, counted)) return null;
  const found = counted.map((f) => f.outcome.found).join(", ");
  const said = reading.text.slice(Math.max(0, entity.start - 10), entity.end);
  const asked = { query: first.predicate.where };
  return { ...check("count", "contradicted", said, found, first.outcome.records), ...asked };
}

function isNear(entity: Entity, facts: Fact[]): boolean {
  const n = entity.n ?? Number.NaN;
  return (
    entity.approx === true && facts.some((f) => Math.abs(f.predicate.n - n) <= Math.abs(n) * APPROX)
  );
}

export function amountConflict(entity: Entity, groups: Group[]): ClaimCheck | null {
  const about = entity.type === "bytes" ? ["sum", "field"] : ["duration", "order"];
  for (const { facts } of groups) {
    for (const { predicate, outcome } of facts) {
      if (!about.includes(predicate.op)) continue;
      if (entity.type === "bytes" && !predicate.field.includes("bytes")) continue;
      const found = Number(/\d+/.exec(outcome.found)?.[0]);
      const n = entity.n ?? Number.NaN;
      if (entity.approx && Math.abs(found - n) <= n * APPROX) continue;
      return check(entity.type, "contradicted", entity.text, outcome.found, outcome.records);
    }
  }
  return null;
}

/** "3 hosts" is a number of different hosts, whatever the number of records. */
export function miscounted(entity: Entity, reading: Reading, group: Group): boolean {
  if (
    /^ (?:(?:different|distinct) )?sources?\b(?! (?:address|ip|host|port|incident))/i.test(
      reading.text.slice(entity.end),
    )
  )
    return !countedBy(entity, reading, group).some(
      ({ predicate: { op, field } }) => op === "distinct" && field === "source",
    );
  const noun = reading.words.find(
    (w) =>
      w.start >= entity.end && !/^(?:different|distinct|unique|source|destination)$/i.test(w.text),
  );
  if (
    !noun?.concept ||
    !isCountedNoun(noun.concept) ||
    /[^\s]/.test(reading.text.slice(entity.end, noun.start).replace(/\b[a-z]+\b/gi, ""))
  )
    return false;
  const between = reading.words.some(
    (w) => w.start >= entity.end && w.end <= noun.start && w.class === "outcome",
  );
  if (between) return true;
  if (!isRightAfter(entity, noun.start, reading)) return false;
  return !countedBy(entity, reading, group).some(({ predicate: { op, field } }) =>
    op === "distinct" || op === "all" ? nounFits(noun.concept ?? "", field) : false,
  );
}

function isRightAfter(entity: Entity, start: number, reading: Reading): boolean {
  const gap = reading.text.slice(entity.end, start);
  return /^ (?:(?:different|distinct|unique|source|destination) )*$/i.test(gap);
}

/** Who or what a count was limited to must be said: else the text claims a wider count. */
export function leftOut(entity: Entity, reading: Reading, group: Group): Uncounted[] {
  const facts = countedBy(entity, reading, group);
  const isLowerBound = rangeOf(entity, reading).high === Infinity;
  if (facts.length === 0 || isLowerBound || boundBefore(entity, reading)) return [];
  const [from, to] = sentenceAround(reading, entity);
  const told = facts.some((f) => isAllTold(f, reading, from, to));
  return told ? [] : [{ start: entity.start, end: entity.end, word: null, entity }];
}

/** Every term of the fact's query is told in that stretch of the text. */
export function isAllTold(fact: Fact, reading: Reading, from: number, to: number): boolean {
  const pinned = new Set(fact.terms.flatMap((t) => (t.op === "eq" ? [t.field] : [])));
  const own = fact.predicate.op === "distinct" || fact.predicate.op === "sum";
  return fact.terms.every(
    (t) =>
      (t.op === "known" &&
        (pinned.has(t.field) || t.field === "time" || (own && t.field === fact.predicate.field))) ||
      isTold(t, reading, from, to),
  );
}

/** "At least 3 events and 2 alerts": the bound covers what follows. */
function boundBefore(entity: Entity, reading: Reading): boolean {
  return /at least [^.;]{0,200}$/i.test(
    reading.text.slice(Math.max(0, entity.start - 200), entity.start),
  );
}
