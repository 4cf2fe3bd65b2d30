import { bareKeys } from "./bare-keys.ts";
import { blobs, placeOf, readings } from "./decoded.ts";
import { eachNeedle, makeNeedles } from "./needles.ts";
import { privateKeys } from "./private-keys.ts";
import { TOOL_HINTS, toolPasswords } from "./secret-commands.ts";
import { NAME_RULES, type NameRule } from "./secret-names.ts";
import { PHRASE_RULES } from "./secret-phrases.ts";
import { hashPairs } from "./hash-pairs.ts";
import { TOKEN_RULES, type TokenRule } from "./secret-tokens.ts";
import { mergeSpans, type Span } from "./spans.ts";
import { webTokens } from "./web-tokens.ts";

type Search = (text: string) => Span[];
type Searcher = { hints: readonly string[]; search: Search };

const SEARCHERS: readonly Searcher[] = [
  { hints: ["private key", "private%20key", "private+key"], search: privateKeys },
  { hints: [":"], search: hashPairs },
  { hints: ["/", "+", "aws", "secret", "key"], search: bareKeys },
  { hints: ["eyj"], search: webTokens },
  ...TOKEN_RULES.map((rule) => ({
    hints: rule.hints,
    search: (text: string) => byForm(rule, text),
  })),
  ...[...NAME_RULES, ...PHRASE_RULES].map((rule) => ({
    hints: rule.hints,
    search: (text: string) => byName(rule, text),
  })),
  {
    hints: TOOL_HINTS,
    search: (text) => toolPasswords(text).map((found) => ({ ...found, kind: "password" })),
  },
];
const HINT_MIN = 3;
const HINTED = hintsOf(({ length }) => length >= HINT_MIN);
const SHORT_HINTED = [...hintsOf(({ length }) => length < HINT_MIN)];
const NEEDLES = makeNeedles(HINTED, { ignoresCase: true });
const DEPTH_MAX = 2;
/** Escapes that may hide a hint. */
const ENCODED = /%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|&(?:#|amp|quot|lt|gt|apos)/;

/** Where secrets stand in a text: in order, none overlapping another. */
export function findSecrets(text: string): Span[] {
  return mergeSpans(searchSecrets(text));
}

/**
 * Everything the rules find in a text: known by its form, or by the name, flag or command before it; also behind JSON,
 * percent and XML escapes and inside base64 or hexadecimal text. One secret may be found by several rules.
 */
export function searchSecrets(text: string, depth = 0): Span[] {
  if (text.length < 6) return [];
  const found: Span[] = [];
  const all = ENCODED.test(text) ? readings(text) : null;
  const searchers = searchersFor(all?.at(-1)?.text ?? text, text);
  if (searchers.length > 0) {
    for (const reading of all ?? readings(text)) {
      for (const { search } of searchers) {
        for (const { start, end, kind } of search(reading.text)) {
          found.push({ start: placeOf(reading, start), end: placeOf(reading, end), kind });
        }
      }
    }
  }
  if (text.length >= 20 && depth < DEPTH_MAX) {
    for (const blob of blobs(text)) {
      if (searchSecrets(blob.text, depth + 1).length > 0)
        found.push({ start: blob.start, end: blob.end, kind: "encoded" });
    }
  }
  return found;
}

/** Those of which one of the texts holds a hint. */
function searchersFor(...texts: string[]): Searcher[] {
  const hit = new Set<Searcher>();
  for (const text of new Set(texts)) {
    eachNeedle(NEEDLES, text, (searchers, start) => {
      for (const searcher of searchers) hit.add(searcher);
      return start + 1;
    });
    for (const [hint, searchers] of SHORT_HINTED) {
      if (text.includes(hint)) for (const searcher of searchers) hit.add(searcher);
    }
  }
  return SEARCHERS.filter((searcher) => hit.has(searcher));
}

function hintsOf(holds: (hint: string) => boolean): Map<string, Searcher[]> {
  const map = new Map<string, Searcher[]>();
  for (const searcher of SEARCHERS) {
    for (const hint of searcher.hints.filter(holds))
      map.set(hint, [...(map.get(hint) ?? []), searcher]);
  }
  return map;
}

function byForm({ kind, regex }: TokenRule, text: string): Span[] {
  return Array.from(text.matchAll(regex)).flatMap(({ index, 0: whole, 1: group }) => {
    const value = group ?? whole;
    const start = group === undefined ? index : index + whole.lastIndexOf(group);
    return [{ start, end: start + value.length, kind }];
  });
}

function byName({ kind, regex, read, accept }: NameRule, text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { index, 0: name } of text.matchAll(regex)) {
    if (index < from) continue;
    const found = read(text, index + name.length);
    if (!found || found.end <= found.start) continue;
    if (accept(text.slice(found.start, found.end), text, found)) spans.push({ ...found, kind });
    // A name within what was read would be read to the same end, again and again
    from = found.end;
  }
  return spans;
}
