import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { Entity, EntityType } from "./entities.ts";
import type { EvidenceIndex } from "./evidence-index.ts";
import { readWords } from "./lexicon.ts";
import { comparable } from "./normalise.ts";

/** Names that only the incident itself can tell from words. */
export type Dictionary = {
  /** By their tokens in lower case, put together as `joinTokens` does. */
  names: Map<string, EntityType>;
  /** First token of a name -> how long the longest of these names is, put together. */
  starts: Map<string, number>;
};

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
const MAX_TOKENS = 40;
const MAX_REMEMBERED = 2000;
const TOKEN = /[\p{L}\p{N}_]{1,512}|[^\s\p{L}\p{N}_]/gu;

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

/** The names in the fields of all records; each distinct value is read once. */
export function buildDictionary(index: EvidenceIndex): Dictionary {
  const dictionary: Dictionary = { names: new Map(), starts: new Map() };
  for (const [field, type] of NAMED) {
    for (const value of index.column(field).values) addName(dictionary, String(value), type);
  }
  return dictionary;
}

/** Whether a text as a whole is a name, or a host's short name; in any case. */
export function hasName(dictionary: Dictionary, text: string): boolean {
  return dictionary.names.has(readName(comparableName(text.trim()).toLowerCase()).joined);
}

/** The longest known names in the text, whole tokens only. */
export function findNames(dictionary: Dictionary, text: string, taken: Uint8Array): Entity[] {
  const { tokens, joined } = joinTokens(text);
  const found: Entity[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const hit = longest(dictionary, text, joined, tokens, i, taken);
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

/** `at` and `end` in the text, `from` and `to` in the tokens put together. */
type Token = { at: number; end: number; from: number; to: number };

/**
 * The tokens in lower case without what stands between them; one blank is kept where two words
 * would otherwise become one.
 */
function joinTokens(text: string, most = text.length): { tokens: Token[]; joined: string } {
  const tokens: Token[] = [];
  let joined = "";
  let last = { end: 0, word: false };
  for (const match of text.matchAll(TOKEN)) {
    if (tokens.length > most) break;
    const token = match[0].toLowerCase();
    const word = isWord(token);
    if (word && last.word && match.index > last.end) joined += " ";
    const end = match.index + match[0].length;
    tokens.push({ at: match.index, end, from: joined.length, to: joined.length + token.length });
    joined += token;
    last = { end, word };
  }
  return { tokens, joined };
}

function longest(
  dictionary: Dictionary,
  text: string,
  joined: string,
  tokens: Token[],
  first: number,
  taken: Uint8Array,
): { entity: Entity; last: number } | null {
  const start = tokens[first];
  const limit = start && dictionary.starts.get(joined.slice(start.from, start.to));
  if (!start || limit === undefined) return null;
  let best: { entity: Entity; last: number } | null = null;
  for (let i = first; i < tokens.length && i < first + MAX_TOKENS; i++) {
    const token = tokens[i];
    if (!token || taken[token.at] || token.to - start.from > limit) break;
    const type = dictionary.names.get(joined.slice(start.from, token.to));
    if (!type || !isWhole(text, start.at, token.end)) continue;
    const found = text.slice(start.at, token.end);
    if (isAmbiguous(found, text, start.at)) continue;
    best = { entity: { type, text: found, start: start.at, end: token.end }, last: i };
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

const ordinary = new Map<string, boolean>();

/** A word the sentences themselves are made of: an account may well be called "first". */
function isOrdinary(word: string): boolean {
  if (COMMON.has(word)) return true;
  if (!/^[a-z]+$/.test(word)) return false;
  const known = ordinary.get(word);
  if (known !== undefined) return known;
  const made = readWords(word).some((w) => w.class !== "concept" || w.concept);
  if (ordinary.size >= MAX_REMEMBERED) ordinary.clear();
  ordinary.set(word, made);
  return made;
}

function addName(dictionary: Dictionary, value: string, type: EntityType): void {
  const text = value.trim();
  if (text === "" || text.length > MAX_VALUE || text === "-") return;
  const key = comparableName(text).toLowerCase();
  insert(dictionary, key, type);
  if (type === "host" && /^[a-z]/.test(key)) insert(dictionary, key.split(".")[0] ?? key, type);
}

/** As claim texts are read; most names need nothing done to them. */
function comparableName(name: string): string {
  const plain = /^[ -~]*$/.test(name) && !/\\\\|[[({]|h[tx*]{2}p|fxp/i.test(name);
  return plain ? name : comparable(name).trim();
}

function insert({ names, starts }: Dictionary, key: string, type: EntityType): void {
  const { joined, first, count } = readName(key);
  if (count === 0 || count > MAX_TOKENS || names.has(joined)) return;
  names.set(joined, type);
  const start = joined.slice(0, first);
  starts.set(start, Math.max(starts.get(start) ?? 0, joined.length));
}

/** A name's tokens put together, the end of the first, and how many; without a list when it can. */
function readName(key: string): { joined: string; first: number; count: number } {
  if (!/^[!-~]+$/.test(key)) {
    const { tokens, joined } = joinTokens(key, MAX_TOKENS);
    return { joined, first: tokens[0]?.to ?? 0, count: tokens.length };
  }
  let count = 0;
  let first = 0;
  let inWord = false;
  for (let i = 0; i < key.length; i++) {
    const word = isAsciiWord(key.charCodeAt(i));
    if (!word || !inWord) count += 1;
    if (count === 1) first = i + 1;
    inWord = word;
  }
  return { joined: key, first, count };
}

function isAsciiWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95
  );
}

function isWord(c: string): boolean {
  return /[\p{L}\p{N}_]/u.test(c);
}
