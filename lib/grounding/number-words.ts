/** English number words, as a pattern and as a number. */

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
  ["billion", 1_000_000_000],
  ["once", 1],
  ["twice", 2],
  ["thrice", 3],
]);
const CARDINAL = `(?:${[...SMALL.split(" "), ...TENS.split(" "), "hundred", "thousand", "million", "dozen"].join("|")})`;

/** "forty-seven", "one hundred and five", "two dozen", "a hundred", "half a dozen". */
export const CARDINAL_WORDS = `(?:(?:half )?an? (?:dozen|hundred|thousand|million)|${CARDINAL})(?![a-z])(?:[ -](?:and )?${CARDINAL}(?![a-z])){0,6}`;
export const TIMES_WORDS = "(?:once|twice|thrice)";

/** The number that words of `CARDINAL_WORDS` or `TIMES_WORDS` name. */
export function readNumberWords(text: string): number {
  let total = 0;
  let part = 0;
  const words = text.toLowerCase().split(/[ -]+/);
  for (const word of words) {
    const n = VALUES.get(word);
    if (n === undefined) continue;
    if (n >= 1000) {
      total += Math.max(1, part) * n;
      part = 0;
    } else part = n === 100 || word === "dozen" ? Math.max(1, part) * n : part + n;
  }
  return (total + part) / (words[0] === "half" ? 2 : 1);
}

/** Digits with thousands separators, or words. NaN for neither. */
export function readAmount(text: string): number {
  const digits = text.replace(/[, ]/g, "");
  return /^[\d.]+$/.test(digits) ? Number(digits) : readNumberWords(text);
}
