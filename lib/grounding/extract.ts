import { type Dictionary, findNames, hasName, isWhole } from "./dictionary.ts";
import type { Entity, EntityType } from "./entities.ts";
import { foldHomoglyphs } from "./homoglyphs.ts";
import { isTaken, mark } from "./marks.ts";
import { comparable, normalise, toRaw } from "./normalise.ts";
import { isQuotedPath } from "./patterns-files.ts";
import { findPatterns, findUrls } from "./patterns.ts";
import { findQuantities } from "./quantities.ts";
import { findDisplayNames, findShaped, findTyped } from "./shapes.ts";
import { findTechniqueNames } from "./technique-names.ts";
import { findTimes } from "./times.ts";

/** A value a predicate names, to be found in the text as it stands. */
export type KnownValue = { value: string; type: EntityType };

const QUOTED =
  /"([^"\n]{1,400})"|`([^`\n]{1,400})`|(?<![\p{L}\p{N}_'])'([^'\n]{2,200})'(?![\p{L}\p{N}_'])/gu;
/** The words that type a number in quotation marks: PID "4120". */
const NUMBERED: [RegExp, EntityType][] = [
  [/\b(?:p?pid|process id)s?[ :=]{0,2}$/i, "pid"],
  [/\bports?[ :=]{0,2}$/i, "port"],
  [/\bevent ?(?:id|code)?s?[ :=]{0,2}$/i, "event_code"],
  [/\blogon ?(?:id|session)s?[ :=]{0,2}$/i, "logon_id"],
];
const BY_FORM = new Set<EntityType>(["ip", "cidr", "email", "url", "hash", "sid", "guid", "mac"]);
/** Quotations of long values are cut at 120 characters. */
const CUT = 100;
const MAX_VALUES = 400;
const MAX_REPEATS = 20;

/**
 * Everything checkable in a normalised text, in order, never overlapping: quotations, the values
 * the claim's predicates name, names the incident knows, then by pattern what it does not know, times
 * and amounts, and words shaped like names. Offsets are those of `text`; an entity's `text` has
 * look-alike letters made Latin. The time it takes grows with the text's length alone.
 */
export function extractEntities(
  text: string,
  dictionary: Dictionary | null,
  values: KnownValue[] = [],
): Entity[] {
  const known = knownKeys(values);
  const latin = foldHomoglyphs(text, (token) => isKnown(token, dictionary, known));
  const taken = new Uint8Array(text.length);
  const found = [...findQuoted(latin, taken), ...findValues(latin, known, taken)];
  const names = dictionary ? findNames(dictionary, latin, Uint8Array.from(taken)) : [];
  const held = holderOf(names, text.length);
  found.push(
    ...findUrls(latin, taken, held),
    ...findTimes(latin, taken),
    ...findPatterns(latin, taken, held),
  );
  for (const name of names) {
    if (isTaken(taken, name.start, name.end)) continue;
    mark(taken, name.start, name.end);
    found.push(name);
  }
  found.push(
    ...findTechniqueNames(latin, found, taken),
    ...findDisplayNames(latin, found, taken),
    ...findTyped(latin, taken),
    ...findQuantities(latin, taken),
    ...findShaped(latin, taken),
  );
  return found.toSorted((a, b) => a.start - b.start);
}

/**
 * The entities of any text as it was written, with no incident to know names from. `start` and `end`
 * are UTF-16 offsets into `text` itself, also where it is defanged, has zero-width characters or
 * other dashes; the entity's own `text` is the normalised spelling. Total and deterministic.
 */
export function readEntities(text: string): Entity[] {
  const normal = normalise(text);
  let last = 0;
  return extractEntities(normal.text, null).flatMap((entity) => {
    const [start, end] = toRaw(normal, entity.start, entity.end);
    // One character can stand for several, as "\u00bd" does: it is one entity at most.
    if (start < last) return [];
    last = end;
    return [{ ...entity, start, end }];
  });
}

const typed = new Map<string, EntityType | null>();
const MAX_TYPED = 2000;

/** The one thing a short text is, or null: used for quotations and for values. */
export function typeOfValue(value: string): EntityType | null {
  if (value.length > 2048) return null;
  const before = typed.get(value);
  if (before !== undefined) return before;
  const bare = value.replace(/^\{(.*)\}$/, "$1");
  const [only] = findPatterns(bare, new Uint8Array(bare.length));
  const whole = only?.start === 0 && only.end === bare.length && only.type !== "name";
  const type = whole ? only.type : isQuotedPath(value) ? "path" : null;
  if (typed.size >= MAX_TYPED) typed.clear();
  typed.set(value, type);
  return type;
}

function findQuoted(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(QUOTED)) {
    const inner = match[1] ?? match[2] ?? match[3] ?? "";
    const start = match.index + 1;
    const end = start + inner.length;
    const typed = readQuoted(inner, text.slice(Math.max(0, start - 24), start - 1));
    if (typed) {
      mark(taken, start, end);
      found.push({ ...typed, text: inner, start, end });
      continue;
    }
    mark(taken, match.index, match.index + match[0].length);
    found.push({ type: "quote", text: inner, start, end });
  }
  return found;
}

/** A quotation that is one name, one time, one amount or a number that a word has typed. */
function readQuoted(inner: string, before: string): Omit<Entity, "text" | "start" | "end"> | null {
  const type = typeOfValue(inner);
  // A form that is complete in itself is no part of a longer one, unless the quotation was cut.
  if (type) return BY_FORM.has(type) && inner.length < CUT ? { type } : { type, quoted: true };
  if (!/\d/.test(inner) || inner.length > 64) return null;
  if (/^(?:0x[0-9a-f]{1,16}|\d{1,12})$/i.test(inner)) {
    const numbered = NUMBERED.find(([word]) => word.test(before));
    return numbered ? { type: numbered[1] } : null;
  }
  const taken = new Uint8Array(inner.length);
  const [only] = [...findTimes(inner, taken), ...findQuantities(inner, taken)];
  if (only?.start !== 0 || only.end !== inner.length || only.type === "name") return null;
  const { text: _, start: __, end: ___, ...rest } = only;
  return rest;
}

function knownKeys(values: KnownValue[]): Map<string, KnownValue> {
  const unique = new Map<string, KnownValue>();
  for (const known of values.slice(0, MAX_VALUES)) {
    const key = comparable(known.value.slice(0, 600)).trim().toLowerCase();
    if (key.length > 1 && !unique.has(key)) unique.set(key, known);
  }
  return unique;
}

function isKnown(
  token: string,
  dictionary: Dictionary | null,
  values: Map<string, KnownValue>,
): boolean {
  if (values.has(token.toLowerCase())) return true;
  return dictionary !== null && hasName(dictionary, token);
}

/** Values of predicates as they stand, longest first, as whole tokens and without case. */
function findValues(text: string, values: Map<string, KnownValue>, taken: Uint8Array): Entity[] {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return [];
  const found: Entity[] = [];
  const sorted = [...values].toSorted((a, b) => b[0].length - a[0].length);
  for (const [key, { type }] of sorted) {
    let at = lower.indexOf(key);
    for (let n = 0; at >= 0 && n < MAX_REPEATS; at = lower.indexOf(key, at + key.length), n++) {
      const end = at + key.length;
      if (isTaken(taken, at, end) || !isWhole(text, at, end)) continue;
      mark(taken, at, end);
      found.push({ type, text: text.slice(at, end), start: at, end });
    }
  }
  return found;
}

/** Whether a known name holds a span: its own words are its own, unless their form says more. */
function holderOf(names: Entity[], length: number) {
  const from = new Int32Array(length).fill(-1);
  const to = new Int32Array(length);
  for (const name of names) {
    from.fill(name.start, name.start, name.end);
    to.fill(name.end, name.start, name.end);
  }
  return (start: number, end: number, weak: boolean): boolean => {
    const first = from[start] ?? -1;
    if (first < 0 || (to[start] ?? 0) < end) return false;
    return weak || first < start || (to[start] ?? 0) > end;
  };
}
