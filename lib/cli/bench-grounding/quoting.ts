/** A verbatim piece of a record's raw text, found by plain search. */
const SHORTEST = 4;
const LONGEST = 100;

/**
 * The words around the first of `values` that stands in `raw`, 4 to 100 characters as written
 * there; null when none does.
 */
export function quoteOf(raw: string, values: string[]): string | null {
  for (const value of values) {
    const found = value === "" ? null : value.length < 8 ? pairOf(raw, value) : placeOf(raw, value);
    if (!found) continue;
    const quote = tidy(raw.slice(found[0], Math.min(found[1], found[0] + LONGEST)));
    if (quote.length >= SHORTEST) return quote;
  }
  return null;
}

/** How a record begins: for a citation that need not show anything. */
export function openingOf(raw: string): string | null {
  const opening = tidy(raw.slice(0, 60));
  return opening.length >= SHORTEST ? opening : null;
}

/** A short value is quoted with its key: `"EventID": 1` says more than `1`. */
function pairOf(raw: string, value: string): [number, number] | null {
  const plain = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pair = `\\\\*"[\\w .@-]{1,40}\\\\*"\\s{0,3}:\\s{0,3}\\\\*"?${plain}\\\\*"?(?=[,}\\s])`;
  const pairs = [...raw.slice(0, 100_000).matchAll(new RegExp(pair, "gi"))];
  const best =
    pairs.find(([text]) =>
      /id|code|port|pid|user|name|level|severity/i.test(text.split(":")[0] ?? ""),
    ) ?? pairs[0];
  if (best) return [best.index, best.index + best[0].length];
  return value.length < SHORTEST ? null : placeOf(raw, value);
}

/** Where a value stands as a word of its own, as it is or in JSON's spelling; else in another case. */
function placeOf(raw: string, value: string): [number, number] | null {
  const spellings = [value, ...longSpellings(value)].flatMap((text) => {
    const escaped = JSON.stringify(text).slice(1, -1);
    return [text, escaped, escaped.replaceAll("\\\\", "\\\\\\\\")];
  });
  for (const spelled of new Set(spellings)) {
    const at = wordAt(raw, spelled);
    if (at >= 0) return [at, at + spelled.length];
  }
  if (raw.length > 100_000) return null;
  const escaped = JSON.stringify(value).slice(1, -1);
  const at = wordAt(raw.toLowerCase(), escaped.toLowerCase());
  return at < 0 ? null : [at, at + escaped.length];
}

function wordAt(raw: string, text: string): number {
  for (let at = raw.indexOf(text); at >= 0; at = raw.indexOf(text, at + 1)) {
    const isWord = /[\p{L}\p{N}]/u;
    const [first, last] = [text.charAt(0), text.charAt(text.length - 1)];
    const joins = (a: string, b: string) => isWord.test(a) && isWord.test(b);
    const [before, after] = [raw.charAt(at - 1), raw.charAt(at + text.length)];
    const isEscaped = /\\[nrt]$/.test(raw.slice(Math.max(0, at - 2), at));
    if ((isEscaped || !joins(before, first)) && !joins(last, after)) return at;
  }
  return -1;
}

/** An IPv6 address with its zeros written out, as some sensors write it. */
function longSpellings(value: string): string[] {
  if (!/^[\da-f:]*::?[\da-f:]*$/i.test(value) || !value.includes("::")) return [];
  const [head = "", tail = ""] = value.split("::");
  const parts = (text: string) => (text === "" ? [] : text.split(":"));
  const zeros = Array.from({ length: 8 - parts(head).length - parts(tail).length }, () => "0");
  const all = [...parts(head), ...zeros, ...parts(tail)];
  return [all.map((part) => part.padStart(4, "0")).join(":"), all.join(":")];
}

/** Not in the middle of an escape or of a pair. */
function tidy(text: string): string {
  return text
    .replace(/^\s+|\s+$/g, "")
    .replace(/\\+(?:u[0-9a-fA-F]{0,3})?$|[\uD800-\uDBFF]$/, "")
    .replace(/^[\uDC00-\uDFFF]/, "");
}
