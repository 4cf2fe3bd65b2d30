/** Citations as an honest author would give them, found without the verifier's extractor. */
import type { DraftCitation } from "#lib/domain/summary/claim.ts";

const MARKED = /`([^`]{1,4000})`|"([^"\n]{3,400})"|“([^”\n]{3,400})”|‘([^’\n]{3,400})’/g;
const WORD = /[^\s"'`“”‘’()[\]{},;<>|•–→]{3,400}/g;
const MAX_QUOTE = 120;
const MIN_QUOTE = 4;
const SHORT = 7;

export type Source = { label: string; raw: string; lower: string };

export function toSource(label: string, raw: string): Source {
  return { label, raw, lower: raw.toLowerCase() };
}

/** What a sentence puts in backticks or quotation marks, longest first. */
export function markedIn(text: string): string[] {
  return longestFirst([...text.matchAll(MARKED)].map((m) => m[1] ?? m[2] ?? m[3] ?? m[4] ?? ""));
}

/** Its other words with a digit, a dot, a dash, a backslash or an @ inside, longest first. */
export function shapedIn(text: string): string[] {
  const words = text.replaceAll(MARKED, " ").match(WORD) ?? [];
  const bare = words.flatMap(partsOf).map((word) => word.replace(/[.:!?]+$/, ""));
  return longestFirst(bare.filter((word) => /[\d\\@_]|\w[.-]\w/.test(word) && /\w{2}/.test(word)));
}

/** "T1569.002/T1047" is two names; paths and addresses stay whole. */
function partsOf(word: string): string[] {
  return /^[\w.]+(?:\/[\w.]+)+$/.test(word) ? word.split("/") : [word];
}

function longestFirst(names: string[]): string[] {
  const all = [...new Set(names.map((name) => name.trim()))].filter((name) => name !== "");
  return all.toSorted((a, b) => b.length - a.length);
}

/** The stretch of a record, in its own letters, that holds `name` as a whole token; or null. */
export function quoteOf(source: Source, name: string): string | null {
  for (const spelling of spellings(name)) {
    const key = spelling.toLowerCase();
    for (let at = source.lower.indexOf(key); at >= 0; at = source.lower.indexOf(key, at + 1)) {
      const end = at + key.length;
      if (!isWhole(source.raw, at, end)) continue;
      const left = key.length < SHORT ? Math.max(0, at - 20) : at;
      const quote = source.raw.slice(left, Math.min(end, left + MAX_QUOTE)).trim();
      if (quote.length >= MIN_QUOTE) return quote;
    }
  }
  return null;
}

/** One citation for each of `names` each source holds, at most `most` for a source. */
export function citeNames(names: string[], sources: Source[], most = 6): DraftCitation[] {
  return sources.flatMap((source) => {
    const quotes = names.flatMap((name) => quoteOf(source, name) ?? []);
    return [...new Set(quotes)].slice(0, most).map((quote) => ({ id: source.label, quote }));
  });
}

/**
 * As it stands, as JSON escapes it, and a time with a blank for its T; a short one as a whole
 * value.
 */
function spellings(name: string): string[] {
  if (name.length < 3) return [`"${name}"`];
  const escaped = JSON.stringify(name).slice(1, -1);
  return [...new Set([name, escaped, name.replace(/(\d)t(\d)/i, "$1 $2")])];
}

/**
 * What a sentence puts in backticks that no record holds, compared by letters and digits alone, so
 * that neither escapes nor quotation marks nor blanks nor the T, Z or +00:00 of a time matter.
 */
export function heldNowhere(text: string, sources: Source[]): string[] {
  const names = [...text.matchAll(/`([^`]{3,4000})`/g)].map((match) => match[1] ?? "");
  const held = sources.map(({ lower }) => bareOf(lower));
  return names.filter((name) => {
    const bare = bareOf(name.toLowerCase());
    return bare !== "" && !held.some((raw) => raw.includes(bare));
  });
}

function bareOf(lower: string): string {
  return lower
    .replace(/(?<=\d)t(?=\d)|(?<=\d)z\b|\+00:00/g, "")
    .replace(/\\[nrtbfu]|[^\p{L}\p{N}]/gu, "");
}

function isWhole(text: string, start: number, end: number): boolean {
  const word = /[\p{L}\p{N}]/u;
  const edge = (inside: string, outside: string) => word.test(inside) && word.test(outside);
  return (
    !edge(text[start] ?? "", text[start - 1] ?? "") && !edge(text[end - 1] ?? "", text[end] ?? "")
  );
}
