/** Text made comparable, with the way back: `map[i]` is the raw offset of normalised unit `i`. */
export type Normalised = { raw: string; text: string; map: number[] };

type Draft = { text: string; map: number[] };

/** Format characters, variation selectors, tags, and fillers that show nothing. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\p{Default_Ignorable_Code_Point}/u;
const FOLDS: [RegExp, string][] = [
  [/[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/, "-"],
  [/[\u2018-\u201b\u2032\u02bc]/, "'"],
  [/[\u201c-\u201f\u2033\u00ab\u00bb]/, '"'],
  [/[\u00a0\u2000-\u200a\u202f\u205f\u3000\u2028\u2029]/, " "],
];
const DAMAGE: Record<string, string> = {
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
  "\v": "v",
};

/**
 * NFKC, invisible characters out, dashes, quotes and blanks folded, defanged addresses restored,
 * doubled backslashes collapsed, JSON escape damage in paths repaired. Case is kept: it is folded
 * by type. Every step keeps the map back to the raw text.
 */
export function normalise(raw: string): Normalised {
  let draft = foldCharacters(raw);
  draft = replaceMapped(draft, /\bh[tx]{2}p(s?)(?=:|\[|\()/gi, (m) =>
    /x/i.test(m) ? `http${/s$/i.test(m) ? "s" : ""}` : m,
  );
  draft = replaceMapped(draft, /[[({] ?(?:\.|dot) ?[\])}]/gi, () => ".");
  draft = replaceMapped(draft, /[[(](?::\/\/|:|@|at)[\])]/gi, (m) =>
    /at/i.test(m) ? "@" : m.slice(1, -1),
  );
  draft = replaceMapped(draft, /\\{2,}/g, () => "\\");
  draft = repairEscapes(draft);
  return { raw, ...draft };
}

/** Raw offsets `[start, end)` of a normalised span. */
export function toRaw(text: Normalised, start: number, end: number): [number, number] {
  const from = text.map[start] ?? text.raw.length;
  const to = end >= text.map.length ? text.raw.length : (text.map[end] ?? text.raw.length);
  return [from, Math.max(from, to)];
}

function foldCharacters(raw: string): Draft {
  if (/^[\x20-\x7e]*$/.test(raw)) return { text: raw, map: Array.from(raw, (_, i) => i) };
  const parts: string[] = [];
  const map: number[] = [];
  const clusters = /[^\p{M}]\p{M}{0,8}|\p{M}/gsu;
  for (const match of raw.matchAll(clusters)) {
    const out = foldCluster(match[0]);
    parts.push(out);
    for (let i = 0; i < out.length; i++) map.push(match.index);
  }
  return { text: parts.join(""), map };
}

function foldCluster(cluster: string): string {
  if (cluster.length === 1 && cluster <= "\x7f") return cluster;
  let out = "";
  for (const c of cluster) {
    if (INVISIBLE.test(c)) continue;
    out += FOLDS.find(([pattern]) => pattern.test(c))?.[1] ?? c;
  }
  return out.normalize("NFKC");
}

function replaceMapped(draft: Draft, pattern: RegExp, by: (match: string) => string): Draft {
  if (!pattern.test(draft.text)) return draft;
  pattern.lastIndex = 0;
  const parts: string[] = [];
  const map: number[] = [];
  let at = 0;
  for (const match of draft.text.matchAll(pattern)) {
    parts.push(draft.text.slice(at, match.index));
    for (let i = at; i < match.index; i++) map.push(draft.map[i] ?? 0);
    const out = by(match[0]);
    parts.push(out);
    const same = out.length === match[0].length;
    for (let i = 0; i < out.length; i++) map.push(draft.map[match.index + (same ? i : 0)] ?? 0);
    at = match.index + match[0].length;
  }
  parts.push(draft.text.slice(at));
  for (let i = at; i < draft.text.length; i++) map.push(draft.map[i] ?? 0);
  return { text: parts.join(""), map };
}

/** `c:\temp<form feed>rm.txt` was `c:\temp\frm.txt` before a careless JSON round trip. */
function repairEscapes(draft: Draft): Draft {
  const parts: string[] = [];
  const map: number[] = [];
  let path = false;
  let changed = false;
  for (let i = 0; i < draft.text.length; i++) {
    const c = draft.text[i] ?? "";
    const letter = DAMAGE[c];
    if (letter && path && /[\w.]/.test(draft.text[i + 1] ?? "")) {
      parts.push("\\", letter);
      map.push(draft.map[i] ?? 0, draft.map[i] ?? 0);
      changed = true;
      continue;
    }
    if (
      c === "\\" ||
      (c === ":" && /[a-z]/i.test(draft.text[i - 1] ?? "") && !/\w/.test(draft.text[i - 2] ?? " "))
    )
      path = true;
    else if (/[\s"'<>|]/.test(c)) path = false;
    parts.push(c);
    map.push(draft.map[i] ?? 0);
  }
  return changed ? { text: parts.join(""), map } : draft;
}
