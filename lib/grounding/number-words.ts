/** English number words, as they stand in a text and as numbers. */

const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
const VALUES = new Map<string, number>([
  ...SMALL.split(" ").map((word, n): [string, number] => [word, n]),
  ...TENS.split(" ").map((word, i): [string, number] => [word, 20 + i * 10]),
  ["dozen", 12],
  ["hundred", 100],
  ["thousand", 1000],
  ["million", 1_000_000],
]);
const WORD = new RegExp(`\\b(?:${[...VALUES.keys()].join("|")})\\b`, "gi");
/** "a dozen", "half a dozen", "a hundred": the article is a part of the number. */
const ARTICLE = /(?:^|[^\w-])((?:half )?an? )$/i;
const JOINT = /^(?:[ -]|[ -]and )$/i;
const ROUND = /^(?:dozen|hundred|thousand|million)$/i;
const MAX_WORDS = 8;

/** A number in words: "forty-seven", "one hundred and five", "two dozen", "half a dozen". */
export type WordedNumber = { start: number; end: number; n: number };

export function findNumberWords(text: string): WordedNumber[] {
  const found: (WordedNumber & { words: number })[] = [];
  for (const match of text.matchAll(WORD)) {
    const end = match.index + match[0].length;
    const last = found.at(-1);
    if (last && last.words < MAX_WORDS && JOINT.test(text.slice(last.end, match.index))) {
      last.end = end;
      last.words += 1;
      continue;
    }
    const before = text.slice(Math.max(0, match.index - 8), match.index);
    // "1.2 million" is a number in digits.
    if (ROUND.test(match[0]) && /\d ?$/.test(before)) continue;
    const article = ROUND.test(match[0]) ? (ARTICLE.exec(before)?.[1]?.length ?? 0) : 0;
    found.push({ start: match.index - article, end, n: 0, words: 1 });
  }
  return found.map(({ start, end }) => ({
    start,
    end,
    n: readNumberWords(text.slice(start, end)),
  }));
}

/** The number that number words name; NaN when there is none among them. */
export function readNumberWords(text: string): number {
  let total = 0;
  let part = 0;
  let known = false;
  const words = text.toLowerCase().split(/[ -]/);
  for (const word of words) {
    const n = VALUES.get(word);
    if (n === undefined) continue;
    known = true;
    if (n >= 1000) {
      total += Math.max(1, part) * n;
      part = 0;
    } else part = n === 100 || word === "dozen" ? Math.max(1, part) * n : part + n;
  }
  return known ? (total + part) / (words[0] === "half" ? 2 : 1) : Number.NaN;
}

/** Digits with thousands separators, or words. NaN for neither. */
export function readAmount(text: string): number {
  const digits = text.replace(/[, ]/g, "");
  return /^[\d.]+$/.test(digits) ? Number(digits) : readNumberWords(text);
}
