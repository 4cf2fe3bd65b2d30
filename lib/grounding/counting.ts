import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { entityIs, type Group } from "./bindings.ts";
import { check } from "./checks.ts";
import type { Entity } from "./entities.ts";
import type { Reading } from "./reading.ts";
import { isCountedNoun, nounFits } from "./word-cover.ts";

/** Fields that limit a count to something a reader must be told. */
const LIMITING =
  /^(?:host|user|target\.user|source\.ip|destination\.ip|destination\.port|process\.|parent\.|file\.|hash\.|dns\.|url\.|technique|registry\.|service\.|task\.|severity|outcome)/;

type Uncounted = { start: number; end: number; word: null; entity: Entity };

/** The 94 of "45 of 94": counted by a query of which the group's is a part. */
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

export function countConflict(entity: Entity, group: Group | null): ClaimCheck | null {
  const counted = group?.facts.filter((f) => ["count", "distinct"].includes(f.predicate.op)) ?? [];
  const [first] = counted;
  if (!first) return null;
  const found = counted.map((f) => f.outcome.found).join(", ");
  return check("count", "contradicted", entity.text, found, first.outcome.records);
}

export function amountConflict(entity: Entity, groups: Group[]): ClaimCheck | null {
  const about = entity.type === "bytes" ? ["sum", "field"] : ["duration", "order"];
  for (const { facts } of groups) {
    for (const { predicate, outcome } of facts) {
      if (!about.includes(predicate.op)) continue;
      if (entity.type === "bytes" && !predicate.field.includes("bytes")) continue;
      return check(entity.type, "contradicted", entity.text, outcome.found, outcome.records);
    }
  }
  return null;
}

/** "3 hosts" is a number of different hosts, whatever the number of records. */
export function miscounted(entity: Entity, reading: Reading, group: Group): boolean {
  const noun = reading.words.find((w) => w.start >= entity.end);
  if (
    !noun?.concept ||
    !isCountedNoun(noun.concept) ||
    reading.text.slice(entity.end, noun.start).trim() !== ""
  )
    return false;
  const fitting = group.facts.filter(
    (f) => f.predicate.op === "distinct" && nounFits(noun.concept ?? "", f.predicate.field),
  );
  return !fitting.some((f) => f.predicate.n === entity.n);
}

/** Who or what a count was limited to must be said: else the text claims a wider count. */
export function leftOut(entity: Entity, reading: Reading, group: Group): Uncounted[] {
  const lower = reading.text.toLowerCase();
  const fact = group.facts.find(
    ({ predicate: { op, n } }) => (op === "count" || op === "distinct") && n === entity.n,
  );
  if (!fact) return [];
  const before = lower.slice(Math.max(0, entity.start - 200), entity.start);
  const bound = /at least [^.;]*$/.test(before)
    ? "gte"
    : /(?:at most|up to) $/.test(before)
      ? "lte"
      : "eq";
  const cmp = fact.predicate.cmp === "none" ? "eq" : fact.predicate.cmp;
  const weaker = cmp !== "eq" && cmp !== bound;
  const missing =
    bound !== "gte" &&
    fact.terms.some((t) => {
      if (t.op !== "eq" || !LIMITING.test(t.field) || lower.includes(t.value.toLowerCase()))
        return false;
      if (t.field === "outcome")
        return !reading.words.some((w) => w.concept === t.value.toLowerCase());
      return !reading.entities.some((e) => entityIs(e, t.field, t.value));
    });
  return missing || weaker ? [{ start: entity.start, end: entity.end, word: null, entity }] : [];
}
