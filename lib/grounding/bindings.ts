import { FIELD_TRUST, type Fields, isFieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { bytesFit, countFits, durationFits, timeFields } from "./amount-fits.ts";
import type { Edge } from "./edges.ts";
import { type Entity, fieldsOfEntity } from "./entities.ts";
import { indexOfText } from "./find-text.ts";
import { comparable } from "./normalise.ts";
import type { PredicateOutcome } from "./predicates.ts";
import { fieldHas, parseWhere, type Term } from "./query.ts";
import { canonicalNumber, canonicalValue, valueType } from "./values.ts";

/** A predicate that came out true, with the values it asserts. */
export type Fact = { predicate: Predicate; outcome: PredicateOutcome; terms: Term[] };

/** Facts about the same records: one event, or everything one query matches. */
export type Group = {
  key: string;
  facts: Fact[];
  records: EvidenceRecord[];
  terms: Term[];
  /** What the query asks for, as a record: for words about queries that match nothing. */
  pattern: EvidenceRecord | null;
};

const BOUND_OPS = new Set(["field", "order", "chain"]);
const MAX_BOUND = 50;
/** The same few values are compared with every entity of every claim. */
const MAX_FOLDED = 1000;
/** Nothing is looked for further on in a text than this; a claim about it is then unsupported. */
const MAX_FOLD = 65_536;
const MAX_PLAIN = 2000;
const folded = new Map<string, string>();

export function toFact(predicate: Predicate, outcome: PredicateOutcome): Fact {
  const parsed = parseWhere(predicate.where);
  const terms = parsed.ok ? [...parsed.terms] : [];
  const { op } = predicate;
  if (op === "field" || ((op === "all" || op === "only") && predicate.value !== "")) {
    terms.push({ field: predicate.field, op: "eq", value: predicate.value });
  }
  return { predicate, outcome, terms };
}

/** `exists` on a cited record with nothing else to say proves nothing (M24). */
export function isVacuous(fact: Fact): boolean {
  if (fact.predicate.op !== "exists") return false;
  return !fact.terms.some((t) => !["id", "kind", "source", "format"].includes(t.field));
}

/** Facts by what they are about: per record for bound predicates, per query for the others. */
export function groupFacts(facts: Fact[]): Group[] {
  const groups = new Map<string, Group>();
  const group = (key: string, records: EvidenceRecord[]) => {
    const known = groups.get(key);
    if (known) return known;
    const made: Group = { key, facts: [], records, terms: [], pattern: null };
    groups.set(key, made);
    return made;
  };
  for (const fact of facts) {
    if (isVacuous(fact)) continue;
    const { predicate, outcome } = fact;
    const perRecord =
      BOUND_OPS.has(predicate.op) || (predicate.evidence.length > 0 && predicate.op === "exists");
    if (perRecord) {
      for (const record of outcome.records.slice(0, MAX_BOUND))
        group(`E${record.position}`, [record]).facts.push(fact);
    } else {
      group(`W${queryKey(fact)}`, outcome.records).facts.push(fact);
    }
  }
  for (const g of groups.values()) {
    g.terms = g.facts.flatMap((f) => f.terms);
  }
  for (const [child, parent] of chainLinks(facts)) {
    const [own, upper] = [groups.get(`E${child.position}`), groups.get(`E${parent.position}`)];
    if (own && upper) own.terms.push(...asParent(upper.facts.flatMap((f) => f.terms)));
  }
  for (const g of groups.values()) {
    g.pattern = g.key.startsWith("W") ? patternOf(g.terms) : null;
  }
  return [...groups.values()];
}

/** What a true chain links: each record with the one whose process started its own. */
function chainLinks(facts: Fact[]): [EvidenceRecord, EvidenceRecord][] {
  return facts.flatMap(({ predicate, outcome: { records } }) => {
    if (predicate.op !== "chain") return [];
    return records.slice(1, MAX_BOUND).flatMap((child, i): [EvidenceRecord, EvidenceRecord][] => {
      const parent = records[i];
      return parent ? [[child, parent]] : [];
    });
  });
}

/** The process of one record is the parent of the next. */
function asParent(terms: Term[]): Term[] {
  return terms.flatMap((t) =>
    t.field.startsWith("process.") ? [{ ...t, field: t.field.replace("process.", "parent.") }] : [],
  );
}

/** The fields through which a group asserts an entity; empty when it does not. */
export function boundFields(entity: Entity, group: Group, edge: Edge | null = null): string[] {
  switch (entity.type) {
    case "time":
      return timeFields(entity, group, edge);
    case "duration":
      return group.facts.some((f) => durationFits(entity, f)) ? ["time"] : [];
    case "bytes":
      return group.facts.flatMap((f) => (bytesFit(entity, f) ? [f.predicate.field] : []));
    case "count":
      return [
        ...group.facts.flatMap((f) => (countFits(entity, f) ? ["count"] : [])),
        ...termFields(entity, group),
      ];
    case "label":
      return group.records.some((r) => `E${r.position}` === entity.text.toUpperCase())
        ? ["id"]
        : [];
    case "percent":
    case "vague":
      return [];
    default:
      return termFields(entity, group);
  }
}

/** Whether an entity and a value of a field are one thing. */
export function entityIs(entity: Entity, field: string, value: string | number): boolean {
  const said = saidBy(entity);
  const held = fold(String(value));
  if (["pid", "port", "event_code", "logon_id", "count"].includes(entity.type))
    return isNumber(entity, field, value);
  if (said === held) return true;
  const type = valueType(field);
  if (entity.quoted && isQuotedPart(said, held, field)) return true;
  if (entity.type === "quote") return isWithin(said, held) || isWithin(said, looseOf(held));
  if (entity.type === "process" && type === "path") return imageOf(said) === imageOf(held);
  if (entity.type === "technique" && type === "technique") {
    const ids = [said, ...(entity.ids ?? []).map((id) => id.toLowerCase())];
    return ids.some((id) => held === id || held.startsWith(`${id}.`));
  }
  if (type === "text") return held.includes(said) && said.length >= 6;
  const a = canonicalValue(type, entity.text);
  const b = canonicalValue(type, value);
  if (a.key !== b.key || a.key === "") return false;
  return (
    a.qualifier === null ||
    b.qualifier === null ||
    a.qualifier.split(".")[0] === b.qualifier.split(".")[0]
  );
}

/** A quotation may hold the comma or the stop of the sentence around it. */
export function saidBy(entity: Entity): string {
  return fold(
    entity.type === "quote" ? entity.text.replace(/(?<=.{4})[.,;:!?]$/, "") : entity.text,
  );
}

/** A typed number is that number in a field of its type. */
function isNumber(entity: Entity, field: string, value: string | number): boolean {
  if (entity.type !== "count" && !fieldsOfEntity(entity.type).includes(field as never))
    return false;
  const n = canonicalNumber(entity.text);
  return n === null
    ? fold(entity.text) === fold(String(value))
    : n === canonicalNumber(String(value));
}

/** A part of a title or of written text; of a name or an address only the beginning of a long one. */
function isQuotedPart(said: string, held: string, field: string): boolean {
  if (said.length >= 80 && held.startsWith(said)) return true;
  const isProse = valueType(field) === "text" || /^(?:alert\.|rule\.name)/.test(field);
  return isProse && field !== "url.full" && isWithin(said, held);
}

export function isFreeText(field: string): boolean {
  return isAttackerField(field) && (valueType(field) === "text" || field === "tls.subject");
}

export function isAttackerField(field: string): boolean {
  return isFieldName(field) && FIELD_TRUST[field] === "attacker";
}

/** Comparable text: normalised, lower case; of a very long one the beginning. */
export function fold(text: string): string {
  const isPlain = text.length < MAX_PLAIN && /^[\x21-\x27\x29-\x5a\x5d-\x7e]*$/.test(text);
  if (isPlain && !/hxx/i.test(text)) return text.toLowerCase();
  const known = folded.get(text);
  if (known !== undefined) return known;
  const made = comparable(text.slice(0, MAX_FOLD)).toLowerCase().trim();
  if (folded.size >= MAX_FOLDED) folded.clear();
  folded.set(text, made);
  return made;
}

/** Whole-token containment: "10.0.3.7" is not within "10.0.3.71". */
export function isWithin(part: string, whole: string): boolean {
  if (part === "") return false;
  for (
    let at = indexOfText(whole, part), n = 0;
    at >= 0 && n < 50;
    at = indexOfText(whole, part, at + 1), n++
  ) {
    const before = whole[at - 1] ?? " ";
    const after = whole[at + part.length] ?? " ";
    const open = !/[\p{L}\p{N}_]/u.test(before) || !/^[\p{L}\p{N}_]/u.test(part);
    const shut = !/[\p{L}\p{N}_]/u.test(after) || !/[\p{L}\p{N}_]$/u.test(part);
    const next = /[\p{L}\p{N}_]/u.test(whole[at + part.length + 1] ?? " ");
    const last = /[\p{L}\p{N}_]/u.test(whole[at - 2] ?? " ");
    if (open && shut && !(/[.-]/.test(after) && next) && !(/[.-]/.test(before) && last))
      return true;
  }
  return false;
}

function looseOf(text: string): string {
  return text.replace(/\s+/g, " ");
}

function imageOf(text: string): string {
  return (text.split(/[\\/]/).at(-1) ?? text).replace(/\.exe$/, "");
}

export function termFields(entity: Entity, group: Group): string[] {
  return group.terms.flatMap((t) => {
    if (t.op !== "eq" && !(entity.type === "count" && (t.op === "gte" || t.op === "lte")))
      return [];
    if (!entityIs(entity, t.field, t.value)) return [];
    if (!qualifierHolds(entity, t.field, group)) return [];
    return [t.field];
  });
}

/** FABRIKAM\jdoe is not asserted by `user=jdoe` unless the records themselves say FABRIKAM. */
function qualifierHolds(entity: Entity, field: string, group: Group): boolean {
  const type = valueType(field);
  if (type !== "user" && type !== "host") return true;
  if (canonicalValue(type, entity.text).qualifier === null) return true;
  if (group.records.length === 0) return true;
  return group.records.slice(0, MAX_BOUND).every((r) => fieldHas(r, field, entity.text) === true);
}

/** One key for queries that differ only in the order of terms or in `field=*` beside `field=x`. */
function queryKey({ predicate }: Fact): string {
  const parsed = parseWhere(predicate.where);
  const terms = parsed.ok ? parsed.terms : [];
  const pinned = new Set(terms.filter((t) => t.op === "eq").map((t) => t.field));
  return terms
    .filter(
      (t) =>
        !(t.op === "known" && (pinned.has(t.field) || t.field === predicate.field)) &&
        !(t.field === "time" && t.op === "known"),
    )
    .map((t) => `${t.field}\u0000${t.op}\u0000${t.value.toLowerCase()}`)
    .toSorted()
    .join("\u0001");
}

export function patternOf(terms: Term[]): EvidenceRecord {
  const fields: Fields = {};
  let kind: EvidenceRecord["kind"] | null = null;
  for (const term of terms) {
    if (term.field === "kind" && term.op === "eq") kind = term.value as EvidenceRecord["kind"];
    else if (isFieldName(term.field) && term.op !== "ne") fields[term.field] = term.value || "*";
  }
  return {
    id: "",
    position: 0,
    kind: kind ?? ("" as EvidenceRecord["kind"]),
    format: "generic",
    sourceId: "",
    sourceName: "",
    time: null,
    timeQuality: "missing",
    receivedAt: "",
    severity: null,
    title: "",
    fields,
  };
}
