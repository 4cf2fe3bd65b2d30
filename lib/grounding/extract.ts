import { type Dictionary, findNames, isWhole } from "./dictionary.ts";
import type { Entity, EntityType } from "./entities.ts";
import { findPatterns, findUrls, isTaken, mark } from "./patterns.ts";
import { findQuantities, findTimes } from "./quantities.ts";
import { normalise } from "./normalise.ts";

/** A value a predicate names, to be found in the text as it stands. */
export type KnownValue = { value: string; type: EntityType };

const QUOTED = /"([^"\n]{1,400})"|`([^`\n]{1,400})`/g;
const SHAPED = /(?<![\p{L}\p{N}_.@\\-])[\p{L}\p{N}_]{1,64}(?:[-_.][\p{L}\p{N}_]{1,64}){0,8}/gu;
/** A type word and the unquoted name after it: "user asmith", "host alpha". */
const TYPED =
  /\b(user|account|host|device|server|workstation|machine|endpoint|computer)s? ([\p{L}\p{N}_][\p{L}\p{N}_.$-]{0,63})/giu;
const NO_NAMES = new Set(
  (
    "md5 sha1 sha256 sha512 base64 utf8 utf16 ipv4 ipv6 x64 x86 win32 win64 http2 3rd 2nd 1st 4th 5th " +
    "sha-1 sha-256 sha-512 utf-8 utf-16 sign-in sign-ins log-on log-ons in-memory"
  ).split(" "),
);
const NO_TYPED =
  /^(?:and|or|is|was|were|are|has|have|had|on|in|of|for|from|to|with|by|at|logged|signed|ran|started|opened|created|deleted|names?|accounts?|groups?|first|last|then|that|which|who|did|does|not|only|appears?|activity|data|records?|events?|logs?|sessions?|seen|the|a|an|this|any|all|no|made|sent|used|executed|connected|failed|successfully|agent|agents|lockout|creation|added|under|into)$/i;

/**
 * Everything checkable in a normalised text, in order, never overlapping: quotations, the values
 * the claim's predicates name, times, patterns, names the incident knows, amounts, and words
 * shaped like names that nothing knows. The time it takes grows with the text's length alone.
 */
export function extractEntities(
  text: string,
  dictionary: Dictionary | null,
  values: KnownValue[] = [],
): Entity[] {
  const taken = new Uint8Array(text.length);
  const found = [
    ...findQuoted(text, taken),
    ...findValues(text, values, taken),
    ...findUrls(text, taken),
    ...findTimes(text, taken),
    ...findPatterns(text, taken),
    ...(dictionary ? findNames(dictionary, text, taken) : []),
    ...findQuantities(text, taken),
    ...findTyped(text, taken),
    ...findShaped(text, taken),
  ];
  return found.toSorted((a, b) => a.start - b.start);
}

/** The one thing a short text is, or null: used for quotations and for values. */
export function typeOfValue(value: string): EntityType | null {
  const [only] = findPatterns(value, new Uint8Array(value.length));
  return only && only.start === 0 && only.end === value.length ? only.type : null;
}

function findQuoted(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(QUOTED)) {
    const inner = match[1] ?? match[2] ?? "";
    const type = typeOfValue(inner);
    if (type) {
      mark(taken, match.index + 1, match.index + 1 + inner.length);
      found.push({
        type,
        text: inner,
        start: match.index + 1,
        end: match.index + 1 + inner.length,
        quoted: true,
      });
      continue;
    }
    const end = match.index + match[0].length;
    mark(taken, match.index, end);
    found.push({ type: "quote", text: inner, start: match.index, end });
  }
  return found;
}

/** Values of predicates as they stand, longest first, as whole tokens and without case. */
function findValues(text: string, values: KnownValue[], taken: Uint8Array): Entity[] {
  const lower = text.toLowerCase();
  const found: Entity[] = [];
  const unique = new Map<string, KnownValue>();
  for (const known of values.slice(0, 400)) {
    const key = normalise(known.value.slice(0, 600)).text.trim().toLowerCase();
    if (key.length > 1 && lower.length === text.length && !unique.has(key)) unique.set(key, known);
  }
  const sorted = [...unique].toSorted((a, b) => b[0].length - a[0].length);
  for (const [key, { type }] of sorted) {
    for (
      let at = lower.indexOf(key), n = 0;
      at >= 0 && n < 20;
      at = lower.indexOf(key, at + key.length), n++
    ) {
      const end = at + key.length;
      if (isTaken(taken, at, end) || !isWhole(text, at, end)) continue;
      mark(taken, at, end);
      found.push({ type, text: text.slice(at, end), start: at, end });
    }
  }
  return found;
}

function findTyped(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(TYPED)) {
    const name = (match[2] ?? "").replace(/[.-]+$/, "");
    const start = match.index + match[0].length - (match[2] ?? "").length;
    if (name === "" || NO_TYPED.test(name) || isTaken(taken, start, start + name.length)) continue;
    mark(taken, start, start + name.length);
    const type = /^(user|account)$/i.test(match[1] ?? "") ? "user" : "host";
    found.push({ type, text: name, start, end: start + name.length });
  }
  return found;
}

/** Letters with digits, an underscore or inner capitals: WS-014, svc_backup, DC01. */
function findShaped(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(SHAPED)) {
    const name = match[0];
    const end = match.index + name.length;
    if (isTaken(taken, match.index, end)) continue;
    const shaped = /\p{L}/u.test(name) && (/\p{N}/u.test(name) || name.includes("_"));
    if (
      !shaped ||
      NO_NAMES.has(name.toLowerCase()) ||
      /^\d+-?(?:second|minute|hour|day|byte)/i.test(name)
    )
      continue;
    mark(taken, match.index, end);
    found.push({ type: "name", text: name, start: match.index, end });
  }
  return found;
}
