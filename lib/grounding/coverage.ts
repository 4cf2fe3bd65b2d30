import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { boundFields, type Fact, type Group } from "./bindings.ts";
import { check } from "./checks.ts";
import { entityConflict, wordConflict } from "./conflicts.ts";
import { checkClauses } from "./clause-slots.ts";
import {
  amountFields,
  countConflict,
  countFields,
  counts,
  countsWhole,
  isAllTold,
  isWhole,
  leftOut,
  miscounted,
} from "./counting.ts";
import { isProgram, orderDirection, pidConflict, spawnDirection } from "./direction.ts";
import { coversEdge, edgeOf } from "./edges.ts";
import { type Entity, isQuantity } from "./entities.ts";
import type { EvidenceIndex } from "./evidence-index.ts";
import type { Word } from "./lexicon.ts";
import { type Reading, type Segment, segmentsOf, sentenceAround } from "./reading.ts";
import { findResidue } from "./residue.ts";
import { roleOf } from "./roles.ts";
import { coversUniversal } from "./universal.ts";
import { coversWord, findsNone, isNone, isOpenWord } from "./word-cover.ts";
import { spansWithin } from "./spans.ts";

/** Spans of the text no check covers, what conflicts, and which fields the covered rest stands in. */
export type Coverage = {
  uncovered: { start: number; end: number; word: Word | null; entity: Entity | null }[];
  conflicts: ClaimCheck[];
  /** Fields by which each covered entity is known. */
  support: Map<Entity, string[]>;
};

type Attempt = Coverage & { group: Group | null; cost: number };
const MAX_GROUPS = 200;
const HOST_FIELD = /^(?:host|source\.host|destination\.host)$/;
const NEVER = new Set(["cause", "attribution", "assessment", "verdict", "intent"]);

/**
 * Lays the facts over the text. Each stretch must be covered by facts about the same records, so
 * the subject of one event and the action of another do not make a sentence.
 */
export function coverText(
  reading: Reading,
  groups: Group[],
  facts: Fact[],
  cited: EvidenceRecord[],
  index: EvidenceIndex,
): Coverage {
  const ordered = facts.some((f) => f.predicate.op === "order");
  const total: Coverage = { uncovered: [], conflicts: [], support: new Map() };
  for (const segment of segmentsOf(reading, ordered)) {
    const best = bestAttempt(segment, reading, groups.slice(0, MAX_GROUPS), facts, cited, index);
    total.uncovered.push(...best.uncovered);
    total.conflicts.push(...best.conflicts);
    for (const [entity, fields] of best.support) total.support.set(entity, fields);
  }
  for (const span of findResidue(reading)) {
    total.uncovered.push({ ...span, word: null, entity: null });
  }
  const known = new Set(total.uncovered.map((u) => u.start));
  total.uncovered.push(...checkClauses(reading, groups).filter((u) => !known.has(u.start)));
  return total;
}

function bestAttempt(
  segment: Segment,
  reading: Reading,
  groups: Group[],
  facts: Fact[],
  cited: EvidenceRecord[],
  index: EvidenceIndex,
): Attempt {
  let best = attempt(segment, reading, null, groups, facts, cited, index);
  for (const group of groups) {
    const next = attempt(segment, reading, group, groups, facts, cited, index);
    if (next.cost < best.cost) best = next;
    if (best.cost === 0) break;
  }
  return best;
}

function attempt(
  segment: Segment,
  reading: Reading,
  group: Group | null,
  groups: Group[],
  facts: Fact[],
  cited: EvidenceRecord[],
  index: EvidenceIndex,
): Attempt {
  const out: Attempt = { uncovered: [], conflicts: [], support: new Map(), group, cost: 0 };
  const words = spansWithin(reading.words, segment);
  for (const entity of spansWithin(reading.entities, segment)) {
    coverEntity(entity, segment, reading, group, groups, cited, out);
  }
  for (const word of words) {
    if (word.class === "neutral" || word.class === "contains") continue;
    coverWord(word, reading, group, groups, facts, cited, index, out);
  }
  checkNegations(words, group, out);
  // An uncovered thing weighs more than a word, so that the group with the right subject wins.
  out.cost = out.conflicts.length * 2 + out.uncovered.reduce((n, u) => n + (u.entity ? 3 : 1), 0);
  return out;
}

/** "No alert is not there": two negations say the opposite of one. */
function checkNegations(words: Word[], group: Group | null, out: Attempt): void {
  const [, second] = words.filter((w) => w.class === "negation" && !isOpenWord(w.text));
  if (!second) return;
  out.uncovered.push({ start: second.start, end: second.end, word: second, entity: null });
  if (!group || !findsNone(group)) return;
  const found = "the predicate finds none, the text denies that there are none";
  out.conflicts.push(check("polarity", "contradicted", second.text, found, group.records));
}

function coverEntity(
  entity: Entity,
  segment: Segment,
  reading: Reading,
  group: Group | null,
  groups: Group[],
  cited: EvidenceRecord[],
  out: Attempt,
): void {
  const open = () =>
    void out.uncovered.push({ start: entity.start, end: entity.end, word: null, entity });
  if (entity.type === "label" && cited.some((r) => `E${r.position}` === entity.text.toUpperCase()))
    return;
  const role = isQuantity(entity.type) ? null : roleOf(reading, entity);
  const isPart = entity.type === "count" && isWhole(entity, reading);
  const fields = group && !isPart ? fieldsFor(entity, reading, group) : [];
  const fitting = role ? fields.filter((f) => role.fields.test(f)) : fields;
  if (entity.type === "count" && group && miscounted(entity, reading, group)) {
    out.conflicts.push(...[countConflict(entity, reading, group)].flatMap((c) => c ?? []));
    return open();
  }
  if (fitting.length > 0 && group) {
    if (entity === segment.number) out.uncovered.push(...leftOut(entity, reading, group));
    const pid = entity.type === "pid" ? pidConflict(entity, reading, group) : null;
    if (pid) out.conflicts.push(pid);
    if (entity === segment.number && !fields.includes("count") && counts(group)) open();
    out.support.set(entity, fitting);
    return;
  }
  if (
    entity.type === "count" &&
    entity !== segment.number &&
    group &&
    countsWhole(entity, group, groups)
  ) {
    return void out.support.set(entity, ["count"]);
  }
  open();
  const conflict = entityConflict(entity, role, reading, group, groups, cited);
  if (conflict) out.conflicts.push(conflict);
}

function fieldsFor(entity: Entity, reading: Reading, group: Group): string[] {
  if (entity.type === "count") return countFields(entity, reading, group);
  if (entity.type === "bytes" || entity.type === "duration")
    return amountFields(entity, reading, group);
  const edge = entity.type === "time" ? edgeOf(entity, reading) : null;
  const fields = boundFields(entity, group, edge).filter((f) => isNumbered(entity, f, reading));
  return isAccountName(entity, reading) ? fields.filter((f) => !HOST_FIELD.test(f)) : fields;
}

/** "type 3", "status 404": a bare number stands for a field that the words before it name. */
function isNumbered(entity: Entity, field: string, { text }: Reading): boolean {
  if (entity.type !== "name" || !/^\d+$/.test(entity.text)) return true;
  const label = field.split(/[._]/).at(-1) ?? field;
  const before = text.slice(Math.max(0, entity.start - 20), entity.start).toLowerCase();
  return before.includes(label) || /["']$/.test(before);
}

/** `WS-014$` is the account of a machine unless the sentence makes it the machine. */
function isAccountName(entity: Entity, reading: Reading): boolean {
  if (!entity.text.endsWith("$")) return false;
  const before = reading.text.slice(Math.max(0, entity.start - 12), entity.start);
  return !/\b(?:on|to|from|at|host|device|machine|computer|name|names) ["'(]*$/i.test(before);
}

function coverWord(
  word: Word,
  reading: Reading,
  group: Group | null,
  groups: Group[],
  facts: Fact[],
  cited: EvidenceRecord[],
  index: EvidenceIndex,
  out: Attempt,
): void {
  const open = () =>
    void out.uncovered.push({ start: word.start, end: word.end, word, entity: null });
  if (word.class === "universal") {
    if (!group || !coversUniversal(word, reading, group, facts)) open();
    return;
  }
  if (word.class === "first" || word.class === "last") {
    if (!group || !coversEdge(word, reading, group, facts)) open();
    return;
  }
  if (NEVER.has(word.class)) return open();
  if (word.class === "after" || word.class === "before") {
    const { covered, conflict } = orderDirection(word, reading, groups, facts);
    if (!covered) open();
    if (conflict) out.conflicts.push(conflict);
    return;
  }
  if (word.class === "spawn") {
    const { covered, conflict } = spawnDirection(word, reading, groups, facts);
    if (conflict) out.conflicts.push(conflict);
    if (
      covered ||
      (!conflict && !startsProcess(word, reading) && group && coversWord(word, group, facts, index))
    )
      return;
    return open();
  }
  if (group && coversWord(word, group, facts, index)) {
    if (word.class === "negation" && !isNoneTold(word, group, reading)) open();
    return;
  }
  if (word.concept === "incident" && cited.some((r) => r.kind === "incident")) return;
  open();
  const conflict = wordConflict(word, reading, group, facts, cited, index);
  if (conflict) out.conflicts.push(conflict);
}

/** "No logon of asmith" is more than no logon of asmith on one host. */
function isNoneTold(word: Word, group: Group, reading: Reading): boolean {
  if (isOpenWord(word.text)) return true;
  const [from, to] = sentenceAround(reading, word);
  return group.facts.some((f) => isNone(f) && isAllTold(f, reading, from, to));
}

function startsProcess(word: Word, reading: Reading): boolean {
  const isProcess = (e: Entity) => isProgram(e, reading);
  return (
    reading.entities.some((e) => isProcess(e) && e.end <= word.start) &&
    reading.entities.some((e) => isProcess(e) && e.start >= word.end)
  );
}
