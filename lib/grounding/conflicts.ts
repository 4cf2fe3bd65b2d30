import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { boundFields, entityIs, type Fact, type Group } from "./bindings.ts";
import { heldFields } from "./held-fields.ts";
import { check } from "./checks.ts";
import { amountConflict, countConflict } from "./counting.ts";
import { edgeOf } from "./edges.ts";
import { type Entity, fieldsOfEntity, isQuantity } from "./entities.ts";
import type { EvidenceIndex } from "./evidence-index.ts";
import type { Word } from "./lexicon.ts";
import { queryValues } from "./query.ts";
import { type Reading, sentenceAround } from "./reading.ts";
import type { Role } from "./roles.ts";
import { coversWord, isOpenWord, knownOutcomes, negates, outcomesOf } from "./word-cover.ts";

const MAX_CITED = 50;
/** What a title or a message says is no value to hold against a name. */
const TOLD = /^(?:alert\.(?:title|description)|rule\.name|message|script)$/;

/** The same field of the same record has another value, or the part the text gives it is another's. */
export function entityConflict(
  entity: Entity,
  role: Role | null,
  reading: Reading,
  group: Group | null,
  groups: Group[],
  cited: EvidenceRecord[],
): ClaimCheck | null {
  if (entity.type === "count") return countConflict(entity, reading, group);
  if (entity.type === "duration" || entity.type === "bytes") return amountConflict(entity, groups);
  if (entity.type === "time") return edgeConflict(entity, reading, group);
  if (isQuantity(entity.type) || entity.type === "quote") return null;
  const own = new Set<string>(fieldsOfEntity(entity.type));
  const all = cited.slice(0, MAX_CITED).flatMap((r) => heldFields(entity, r));
  // A name that only a title or a message has has no part in the event.
  const held = new Set(all.filter((f) => own.size === 0 || own.has(f)));
  if (held.size === 0) return null;
  const records = group && group.records.length === 1 ? group.records : cited.slice(0, MAX_CITED);
  const asserted = group ? boundFields(entity, group) : [];
  if (role && ![...held].some((f) => role.fields.test(f)))
    return roleConflict(entity, role, [...held], records, reading);
  if (role && asserted.length > 0 && !asserted.some((f) => role.fields.test(f)))
    return roleConflict(entity, role, asserted, records, reading);
  return (
    recordConflict(entity, role, held, reading, group) ?? rivalTerm(entity, held, reading, group)
  );
}

/** Another thing has the part that the text gives to this one: source for destination, say. */
function roleConflict(
  entity: Entity,
  role: Role,
  held: string[],
  records: EvidenceRecord[],
  reading: Reading,
): ClaimCheck | null {
  const parts = new Set(
    records.flatMap((r) => Object.keys(r.fields)).filter((f) => role.fields.test(f)),
  );
  const kinds = new Set(held.map((f) => kindOf(f)));
  const taken = [...parts].some(
    (f) =>
      kinds.has(kindOf(f)) &&
      records.some((r) => queryValues(r, f).some((v) => !entityIs(entity, f, v))),
  );
  const rivals = reading.entities.filter((e) => e !== entity && e.type === entity.type);
  if (!taken && rivals.length === 0) return null;
  const found = `${entity.text} is ${held.join(", ")}`;
  return check(
    "role",
    taken ? "contradicted" : "unsupported",
    `${role.name} ${entity.text}`,
    found,
    records,
  );
}

/** Fields of one kind can be taken for one another: any address, any account, any process. */
function kindOf(field: string): string {
  if (field.endsWith(".ip")) return "ip";
  if (field.endsWith(".port")) return "port";
  if (field.endsWith(".pid")) return "pid";
  if (/^(?:process|parent)\./.test(field) || field === "target.process") return "process";
  if (/^(?:user|target\.user)$/.test(field)) return "user";
  return /(?:^|\.)host$/.test(field) ? "host" : field;
}

/** A field the record does have, that the text fills with something else and names nowhere else. */
function recordConflict(
  entity: Entity,
  role: Role | null,
  held: Set<string>,
  reading: Reading,
  group: Group | null,
): ClaimCheck | null {
  const record = group?.key.startsWith("E") ? group.records[0] : undefined;
  if (!record || heldFields(entity, record).some((f) => !role || role.fields.test(f))) return null;
  const fields = new Set([...held, ...fieldsOfEntity(entity.type).slice(0, 1)]);
  for (const field of fields) {
    const values = queryValues(record, field);
    if (TOLD.test(field) || values.length === 0) continue;
    if (values.some((v) => entityIs(entity, field, v))) continue;
    if (reading.entities.some((e) => values.some((v) => entityIs(e, field, v)))) continue;
    const found = `${field} is ${values.join(", ")}`;
    return { ...check("same_record", "contradicted", entity.text, found, [record]), field };
  }
  return null;
}

/** The facts name another value for the field in which the text's value stands. */
function rivalTerm(
  entity: Entity,
  held: Set<string>,
  reading: Reading,
  group: Group | null,
): ClaimCheck | null {
  for (const term of group?.terms ?? []) {
    if (term.op !== "eq" || TOLD.test(term.field) || !held.has(term.field)) continue;
    if (reading.entities.some((e) => entityIs(e, term.field, term.value))) continue;
    const found = `the predicate is about ${term.field}=${term.value}`;
    return check("binding", "contradicted", entity.text, found, group?.records);
  }
  return null;
}

/** The time is that of the other end. */
function edgeConflict(entity: Entity, reading: Reading, group: Group | null): ClaimCheck | null {
  const edge = edgeOf(entity, reading);
  if (!edge || !group || boundFields(entity, group).length === 0) return null;
  const found = `that is the ${edge === "first" ? "last" : "first"}`;
  return check("time", "contradicted", `${edge}: ${entity.text}`, found, group.records);
}

/** The records have another outcome, or the facts say what the text denies. */
export function wordConflict(
  word: Word,
  reading: Reading,
  group: Group | null,
  facts: Fact[],
  cited: EvidenceRecord[],
  index: EvidenceIndex,
): ClaimCheck | null {
  if (word.class === "outcome" && word.concept !== "detected") {
    return outcomeConflict(word, group, cited);
  }
  if (word.class !== "negation" || !group || negates(group) || isOpenWord(word.text)) return null;
  if (isBounded(word, reading, group) || !deniesFact(word, reading, group, facts, index))
    return null;
  const found = `the records say so: ${group.facts.map((f) => f.outcome.said).join("; ")}`;
  return check("polarity", "contradicted", word.text, found, group.records);
}

function outcomeConflict(
  word: Word,
  group: Group | null,
  cited: EvidenceRecord[],
): ClaimCheck | null {
  const asserted = group ? outcomesOf(group) : [];
  const own = group && group.records.length > 0 ? group.records : cited;
  const known = asserted.length > 0 ? new Set(asserted) : knownOutcomes(own);
  const softer = word.concept === "failure" && known.has("blocked");
  if (known.size === 0 || known.has(word.concept ?? "") || softer) return null;
  const found = `the outcome is ${[...known].join(", ")}`;
  return check("outcome", "contradicted", word.text, found, group?.records ?? cited);
}

/** What comes after "not" or "no" is what a fact shows: "no command line" denies no fact about a host. */
function deniesFact(
  word: Word,
  reading: Reading,
  group: Group,
  facts: Fact[],
  index: EvidenceIndex,
): boolean {
  const [, to] = sentenceAround(reading, word);
  const next = reading.words.find(
    (w) => w.start >= word.end && w.end <= to && w.class !== "neutral" && w.class !== "contains",
  );
  const thing = reading.entities.find((e) => e.start >= word.end && e.end <= to);
  if (thing && (!next || thing.start < next.start)) return boundFields(thing, group).length > 0;
  if (!next) return true;
  return next.class === "spawn" || coversWord(next, group, facts, index);
}

const BOUND =
  /\b(?:before|after|until|till|since|beyond|past|prior|earlier|later|sooner|older|newer|more|further|longer)\b/i;

/** "Nothing of X before 02:14", "no later than": what is denied lies outside of an edge that holds. */
function isBounded(word: Word, reading: Reading, group: Group): boolean {
  if (!group.facts.some((f) => ["first_seen", "last_seen"].includes(f.predicate.op))) return false;
  const [from, to] = sentenceAround(reading, word);
  return BOUND.test(reading.text.slice(from, to));
}
