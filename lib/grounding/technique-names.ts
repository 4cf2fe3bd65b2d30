import { allTechniques, fullTechniqueName } from "./attack-table.ts";
import type { Entity } from "./entities.ts";
import { isTaken, mark } from "./marks.ts";

/** Names of techniques in small letters, with the ids they may stand for; and their first words. */
let names: Map<string, string[]> | null = null;
let firsts: Set<string> | null = null;

const WORD = /[a-z0-9][\w'.-]{0,40}/gi;
const CALLED = /techniq|att&ck|mitre|\bttp|\bmapped|\bmaps|\btagged/i;
/** Three words in capitals, or a stroke between two. */
const SPELLED =
  /[A-Z][\w-]{0,20} (?:(?:and|of|or|via|the|for) )?[A-Z][\w-]{0,20} (?:(?:and|of|or|via|the|for) )?[A-Z]|[a-z]\/[A-Z][a-z]/;
const MAX_WORDS = 10;
const CALLED_BEFORE =
  /\b(?:techniques?|sub-?techniques?|att&ck|mitre|ttps?|tagged(?: as)?|mapped to|maps to)(?: (?:name|id|of|named|called|is|was|the|as))?[ "':(]{1,3}$/i;
const CALLED_AFTER = /^["')]{0,2} (?:sub-?)?techniques?\b/i;

/**
 * Names of ATT&CK techniques where the text means the technique: beside an id, called a technique, or
 * spelled as only ATT&CK spells it (three words or more, or a stroke, in capitals). "PowerShell" and
 * "phishing" in a sentence are the words they are.
 */
export function findTechniqueNames(text: string, found: Entity[], taken: Uint8Array): Entity[] {
  const ids = found.filter((e) => e.type === "technique");
  if (ids.length === 0 && !CALLED.test(text) && !SPELLED.test(text)) return [];
  const table = (names ??= collect());
  const starts = (firsts ??= new Set([...table.keys()].map((name) => firstWord(name))));
  const out: Entity[] = [];
  let after = 0;
  for (const word of text.matchAll(WORD)) {
    if (word.index < after || !starts.has(firstWord(word[0].toLowerCase()))) continue;
    const hit = longest(text, word.index, table);
    if (!hit || isTaken(taken, word.index, hit.end)) continue;
    if (!isMeant(text, word.index, hit.end, ids)) continue;
    after = hit.end;
    mark(taken, word.index, hit.end);
    const name = text.slice(word.index, hit.end);
    out.push({ type: "technique", text: name, start: word.index, end: hit.end, ids: hit.ids });
  }
  return out;
}

/** The ids a technique's name may stand for (a name is not always of one technique), or none. */
export function techniqueIdsOf(name: string): string[] {
  return (names ??= collect()).get(name.trim().toLowerCase()) ?? [];
}

function longest(
  text: string,
  start: number,
  table: Map<string, string[]>,
): { end: number; ids: string[] } | null {
  const rest = text.slice(start, start + 120).toLowerCase();
  let best: { end: number; ids: string[] } | null = null;
  let words = 0;
  for (const edge of rest.matchAll(/[a-z0-9](?![a-z0-9])/g)) {
    if (++words > MAX_WORDS) break;
    for (const end of [edge.index + 1, edge.index + 2]) {
      const ids = table.get(rest.slice(0, end));
      if (ids) best = { end: start + end, ids };
    }
  }
  return best;
}

function isMeant(text: string, start: number, end: number, ids: Entity[]): boolean {
  const besides = ids.some((id) => {
    const gap = id.end <= start ? text.slice(id.end, start) : text.slice(end, id.start);
    return (id.end <= start || id.start >= end) && /^[ "'`(),:–-]{1,4}$/.test(gap);
  });
  if (besides || CALLED_AFTER.test(text.slice(end, end + 24))) return true;
  if (CALLED_BEFORE.test(text.slice(Math.max(0, start - 32), start))) return true;
  const name = text.slice(start, end);
  const words = name.split(/[ /]/).filter((w) => !/^(?:and|or|of|the|via|for|to|in)$/i.test(w));
  return (words.length > 2 || name.includes("/")) && words.every((w) => /^\p{Lu}/u.test(w));
}

function collect(): Map<string, string[]> {
  const made = new Map<string, string[]>();
  for (const technique of allTechniques()) {
    for (const name of new Set([technique.name, fullTechniqueName(technique)])) {
      const key = name.toLowerCase();
      made.set(key, [...(made.get(key) ?? []), technique.id]);
    }
  }
  return made;
}

function firstWord(text: string): string {
  return /^[\p{L}\p{N}]+/u.exec(text)?.[0] ?? text;
}
