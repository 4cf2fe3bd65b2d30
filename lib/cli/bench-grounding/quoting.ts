/** A verbatim piece of a record's raw text, found by plain search. */
const SHORTEST = 4;
const LONGEST = 100;

/**
 * The words around the first of `values` that stands in `raw`, 4 to 100 characters as written
 * there; the record's opening when none does. Null when the raw text is too short to quote.
 */
export function quoteOf(raw: string, values: string[]): string | null {
  for (const value of values) {
    const found = value === "" ? null : value.length < 8 ? pairOf(raw, value) : placeOf(raw, value);
    if (!found) continue;
    const quote = tidy(raw.slice(found[0], Math.min(found[1], found[0] + LONGEST)));
    if (quote.length >= SHORTEST) return quote;
  }
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

function placeOf(raw: string, value: string): [number, number] | null {
  const escaped = JSON.stringify(value).slice(1, -1);
  for (const spelled of new Set([value, escaped, escaped.replaceAll("\\\\", "\\\\\\\\")])) {
    const at = raw.indexOf(spelled);
    if (at >= 0) return [at, at + spelled.length];
  }
  if (raw.length > 100_000) return null;
  const at = raw.toLowerCase().indexOf(escaped.toLowerCase());
  return at < 0 ? null : [at, at + escaped.length];
}

/** Not in the middle of an escape or of a pair. */
function tidy(text: string): string {
  return text
    .replace(/^\s+|\s+$/g, "")
    .replace(/\\+(?:u[0-9a-fA-F]{0,3})?$|[\uD800-\uDBFF]$/, "")
    .replace(/^[\uDC00-\uDFFF]/, "");
}
