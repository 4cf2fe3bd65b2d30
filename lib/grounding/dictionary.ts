import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Entity, EntityType } from "./entities.ts";
import { readWords } from "./lexicon.ts";

/** Names that only the incident itself can tell from words, as a trie of tokens. */
export type Dictionary = { root: Node; names: Map<string, { type: EntityType; text: string }> };
type Node = { next: Map<string, Node>; type: EntityType | null };

const NAMED: [FieldName | "source", EntityType][] = [
  ["host", "host"],
  ["source.host", "host"],
  ["destination.host", "host"],
  ["user", "user"],
  ["target.user", "user"],
  ["process.name", "process"],
  ["parent.name", "process"],
  ["target.process", "process"],
  ["file.name", "process"],
  ["service.name", "name"],
  ["task.name", "name"],
  ["group.name", "name"],
  ["share.name", "name"],
  ["pipe.name", "name"],
  ["cloud.account", "cloud"],
  ["cloud.resource", "cloud"],
  ["ticket.id", "name"],
  ["ticket.owner", "user"],
  ["process.path", "path"],
  ["parent.path", "path"],
  ["file.path", "path"],
  ["registry.key", "registry"],
  ["dns.question", "domain"],
  ["url.domain", "domain"],
];
const MAX_VALUE = 260;
const TOKEN = /[\p{L}\p{N}_]{1,256}|[^\s\p{L}\p{N}_]/gu;

/** Words that are also account or host names: only with a type word or capitals are they names. */
const COMMON = new Set(
  (
    "a an the system admin administrator administrators root guest test user users local service network public " +
    "default server host data mail backup support security windows event log process file account domain " +
    "unknown none null alert operator client web internal external and or of for from to by on in with as at is " +
    "was were are not no all this that it be high low medium critical success failure blocked allowed"
  ).split(" "),
);

/** Capitals make no name of what every sentence writes in capitals: a service may well be called DNS. */
const ACRONYMS = new Set(
  "dns utc id ip url uri http https tls ssl smb rdp ldap sid guid uid pid api mfa os".split(" "),
);

export function buildDictionary(records: EvidenceRecord[]): Dictionary {
  const dictionary: Dictionary = { root: newNode(), names: new Map() };
  for (const [field, type] of NAMED) {
    const seen = new Set<unknown>();
    for (const record of records) {
      const value = field === "source" ? record.sourceName : record.fields[field];
      if (value === undefined || seen.has(value)) continue;
      seen.add(value);
      for (const one of Array.isArray(value) ? value : [value])
        addName(dictionary, String(one), type);
    }
  }
  return dictionary;
}

/** The longest known names in the text, whole tokens only. */
export function findNames(dictionary: Dictionary, text: string, taken: Uint8Array): Entity[] {
  const tokens = [...text.matchAll(TOKEN)].map((m) => ({ at: m.index, text: m[0] }));
  const found: Entity[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const hit = longest(dictionary, text, tokens, i, taken);
    if (!hit) continue;
    found.push(hit.entity);
    taken.fill(1, hit.entity.start, hit.entity.end);
    i = hit.last;
  }
  return found;
}

/** Whether nothing glues more letters or digits to a span: `10.0.3.7` is not in `10.0.3.71`. */
export function isWhole(text: string, start: number, end: number): boolean {
  const [a, b] = [text[start - 1] ?? " ", text[end] ?? " "];
  const [a2, b2] = [text[start - 2] ?? " ", text[end + 1] ?? " "];
  if (isWord(a) || isWord(b)) return false;
  if (/[.\-@\\$]/.test(a) && isWord(a2)) return false;
  return !(/[.\-@\\$]/.test(b) && isWord(b2)) && b !== "$";
}

type Token = { at: number; text: string };

function longest(
  dictionary: Dictionary,
  text: string,
  tokens: Token[],
  from: number,
  taken: Uint8Array,
): { entity: Entity; last: number } | null {
  let node: Node | undefined = dictionary.root;
  let best: { entity: Entity; last: number } | null = null;
  const start = tokens[from]?.at ?? 0;
  for (let i = from; i < tokens.length && i < from + 40; i++) {
    const token = tokens[i];
    if (!token || taken[token.at]) break;
    node = node.next.get(token.text.toLowerCase());
    if (!node) break;
    const end = token.at + token.text.length;
    if (!node.type || !isWhole(text, start, end)) continue;
    const found = text.slice(start, end);
    if (isAmbiguous(found, text, start)) continue;
    best = { entity: { type: node.type, text: found, start, end }, last: i };
  }
  return best;
}

/** Short or common words count as names only after a type word, or written in capitals. */
function isAmbiguous(found: string, text: string, start: number): boolean {
  const short = found.length < 3;
  const acronym = ACRONYMS.has(found.toLowerCase());
  if (!short && !acronym && !isOrdinary(found.toLowerCase())) return false;
  const before = text.slice(Math.max(0, start - 16), start);
  if (/\b(?:user|account|host|named|device|service|group|for|by) $/i.test(before)) {
    return short
      ? /\b(?:for|by) $/i.test(before)
      : isOrdinary(found) && /\b(?:for|by) $/i.test(before);
  }
  return short || acronym || found !== found.toUpperCase();
}

/** A word the sentences themselves are made of: an account may well be called "first". */
function isOrdinary(word: string): boolean {
  if (COMMON.has(word)) return true;
  return /^[a-z]+$/.test(word) && readWords(word).some((w) => w.class !== "concept" || w.concept);
}

function addName(dictionary: Dictionary, value: string, type: EntityType): void {
  const text = value.trim();
  if (text === "" || text.length > MAX_VALUE || text === "-") return;
  const key = text.toLowerCase();
  if (dictionary.names.has(`${type}:${key}`)) return;
  dictionary.names.set(`${type}:${key}`, { type, text });
  insert(dictionary.root, key, type);
  if (type === "host" && /^[a-z]/.test(key))
    insert(dictionary.root, key.split(".")[0] ?? key, type);
}

function insert(root: Node, key: string, type: EntityType): void {
  let node = root;
  let depth = 0;
  for (const [token] of key.matchAll(TOKEN)) {
    if (++depth > 40) return;
    let next = node.next.get(token);
    if (!next) node.next.set(token, (next = newNode()));
    node = next;
  }
  if (depth > 0) node.type ??= type;
}

function newNode(): Node {
  return { next: new Map(), type: null };
}

function isWord(c: string): boolean {
  return /[\p{L}\p{N}_]/u.test(c);
}
