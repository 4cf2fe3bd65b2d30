/** What Unicode calls a character is not always what a reader sees: the folds, one code point at a time. */

const PLAIN = 1;
const MARK = 2;
const HIDDEN = 3;

/** Format characters, tags, variation selectors and fillers: nothing is seen of them. */
const INVISIBLE = /^[\p{Cf}\p{Variation_Selector}\p{Default_Ignorable_Code_Point}]$/u;
/** What joins the character before it: marks, and the vowels and finals of Hangul and kana. */
const JOINS = /^[\p{M}\u1160-\u11ff\u314f-\u3163\uffc2-\uffdc\uff9e\uff9f]$/u;
const FOLDS: [RegExp, string][] = [
  [/[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/g, "-"],
  [/[\u2018-\u201b\u2032\u02bc]/g, "'"],
  [/[\u201c-\u201f\u2033\u00ab\u00bb]/g, '"'],
  [/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u2028\u2029\u0085]/g, " "],
  [/\u2044/g, "/"],
  [/\u3002/g, "."],
];

const classes = new Uint8Array(0x10000);
const folded = new Map<number | string, string>();
const MAX_FOLDED = 20_000;

/** Whether nothing is seen of a character (a soft hyphen, a zero-width space, a tag). */
export function isInvisible(code: number): boolean {
  return code >= 0xad && classOf(code) === HIDDEN;
}

/** Whether a character belongs to the one before it: a mark, or an invisible one. */
export function isExtend(code: number): boolean {
  return code >= 0xad && classOf(code) !== PLAIN;
}

/** NFKC of a character with its marks, with invisible ones out and dashes, quotes, blanks folded. */
export function characterFold(code: number, marks: string): string {
  if (marks === "" && code < 0x80) return String.fromCharCode(code);
  const key = marks === "" ? code : marks.length > 2 ? null : `${code} ${marks}`;
  const known = key === null ? undefined : folded.get(key);
  if (known !== undefined) return known;
  const made = fold((isInvisible(code) ? "" : String.fromCodePoint(code)) + marks);
  if (key === null) return made;
  if (folded.size >= MAX_FOLDED) folded.clear();
  folded.set(key, made);
  return made;
}

function fold(cluster: string): string {
  const composed = cluster.normalize("NFKC");
  let out = [...composed].filter((c) => !isInvisible(c.codePointAt(0) ?? 0)).join("");
  for (const [pattern, by] of FOLDS) out = out.replace(pattern, by);
  return out === composed ? out : out.normalize("NFKC");
}

function classOf(code: number): number {
  const known = code < 0x10000 ? (classes[code] ?? 0) : 0;
  if (known !== 0) return known;
  const c = String.fromCodePoint(code);
  const made = INVISIBLE.test(c) ? HIDDEN : JOINS.test(c) ? MARK : PLAIN;
  if (code < 0x10000) classes[code] = made;
  return made;
}
