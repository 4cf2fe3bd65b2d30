import type { Entity } from "./entities.ts";
import { parseInstant } from "./instants.ts";
import { isTaken, mark } from "./patterns.ts";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?";
const ZONE = "(?: ?(?:Z|UTC|GMT|[+-]\\d{2}:?\\d{2})\\b)?";
const CLOCK = `\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?${ZONE}`;

const ISO_TIME = new RegExp(
  `(?<![\\w-])\\d{4}-\\d{2}-\\d{2}(?:(?:T|,? (?:at )?)(?:${CLOCK}))?(?![\\d:-])`,
  "gi",
);
const DAY_FIRST = new RegExp(
  `(?<!\\w)(\\d{1,2})(?:st|nd|rd|th)? (${MONTH}),? (\\d{4})(?:,? (?:at )?(${CLOCK}))?`,
  "gi",
);
const MONTH_FIRST = new RegExp(
  `(?<!\\w)(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})(?:,? (?:at )?(${CLOCK}))?`,
  "gi",
);
const CLOCK_ONLY = new RegExp(`(?<![\\w:.-])${CLOCK}(?![\\w:])`, "gi");

const SECONDS: Record<string, number> = {
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};
const UNIT_WORD =
  "milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w";
const DURATION = new RegExp(
  `(?<![\\w.,])(\\d{1,9}(?:\\.\\d{1,3})?)[ -]?(${UNIT_WORD})(?![\\w])(?:,? (?:and )?(\\d{1,5})[ -]?(${UNIT_WORD})(?![\\w]))?(?:,? (?:and )?(\\d{1,5})[ -]?(${UNIT_WORD})(?![\\w]))?(?:,? (?:and )?(\\d{1,5})[ -]?(${UNIT_WORD})(?![\\w]))?`,
  "gi",
);
const BYTES =
  /(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d{1,18}(?:\.\d{1,3})?) ?(bytes?|[kmgtp]i?b|b)(?!\w)/gi;
const PERCENT = /(?<![\w.,])(\d{1,3}(?:\.\d{1,2})?) ?(?:%|percent\b|per cent\b)/gi;
const NUMBER = /(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d{1,15})(?![\w]|[.,]\d)/g;
const SMALL =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const NUMBER_WORDS = new Map<string, number>([
  ...SMALL.split(" ").map((word, n): [string, number] => [word, n]),
  ...["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"].map(
    (word, i): [string, number] => [word, 20 + i * 10],
  ),
  ["hundred", 100],
  ["thousand", 1000],
  ["million", 1_000_000],
  ["once", 1],
  ["twice", 2],
  ["thrice", 3],
]);
const WORD_NUMBER = new RegExp(
  `\\b(?:${[...NUMBER_WORDS.keys()].join("|")})\\b(?:[ -](?:and )?(?:${[...NUMBER_WORDS.keys()].join("|")})\\b){0,6}`,
  "gi",
);
const VAGUE =
  /\b(?:dozens?|scores?|hundreds|thousands|millions|several|many|multiple|numerous|various|a (?:few|couple|handful|number) of|few|some|countless|most|majority|approximately|roughly|about|around|nearly|almost|over a|repeatedly|frequently|often|mass|large|small|high volume|a lot of|lots of|tens|couple)\b/gi;

/** Times, durations, sizes, percentages and counts. "a second" and "the first" are no counts. */
export function findQuantities(text: string, taken: Uint8Array): Entity[] {
  return [
    ...findTimes(text, taken),
    ...scan(text, BYTES, taken, readBytes),
    ...scan(text, DURATION, taken, readDuration),
    ...scan(text, PERCENT, taken, (m) => ({ type: "percent", n: Number(m[1]) })),
    ...scan(text, NUMBER, taken, (m) => ({
      type: "count",
      n: Number((m[1] ?? "").replaceAll(",", "")),
    })),
    ...scan(text, WORD_NUMBER, taken, readWords),
    ...scan(text, VAGUE, taken, () => ({ type: "vague" })),
  ];
}

/** Times alone, so that they are read before patterns that could take a part of one. */
export function findTimes(text: string, taken: Uint8Array): Entity[] {
  return [
    ...scan(text, ISO_TIME, taken, (m) => ({ type: "time", text: isoOf(m[0]) })),
    ...scan(text, DAY_FIRST, taken, (m) => ({
      type: "time",
      text: isoFrom(m[3], m[2], m[1], m[4]),
    })),
    ...scan(text, MONTH_FIRST, taken, (m) => ({
      type: "time",
      text: isoFrom(m[3], m[1], m[2], m[4]),
    })),
    ...scan(text, CLOCK_ONLY, taken, (m) => ({ type: "time", text: m[0].trim() })),
  ];
}

/** Whether a time entity names `ms`: by its stretch, or by the time of day alone. */
export function timeCovers(entity: Entity, ms: number): boolean {
  const whole = parseInstant(entity.text);
  if (whole) return ms >= whole.start && ms < whole.end;
  const day = new Date(ms).toISOString().slice(0, 10);
  const clock = entity.text.replace(/^(\d):/, "0$1:");
  return [-1, 0, 1].some((shift) => {
    const date = new Date(Date.parse(day) + shift * 86_400_000).toISOString().slice(0, 10);
    const at = parseInstant(`${date}T${clock}`);
    return at !== null && ms >= at.start && ms < at.end;
  });
}

type Read = { type: Entity["type"]; text?: string; n?: number; unit?: number } | null;

function scan(
  text: string,
  regex: RegExp,
  taken: Uint8Array,
  read: (match: RegExpMatchArray) => Read,
): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(regex)) {
    const start = match.index;
    const end = start + match[0].trimEnd().length;
    if (isTaken(taken, start, end)) continue;
    const entity = read(match);
    if (!entity) continue;
    mark(taken, start, end);
    found.push({ text: match[0].trimEnd(), ...entity, start, end });
  }
  return found;
}

function isoOf(text: string): string {
  return text.trim().replace(/,? at |, | (?=\d)/i, "T");
}

function isoFrom(year = "", month = "", day = "", clock?: string): string {
  const mm = String(MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1).padStart(2, "0");
  const date = `${year}-${mm}-${day.padStart(2, "0")}`;
  return clock ? `${date}T${clock.trim().replace(/^(\d):/, "0$1:")}` : date;
}

function readBytes(match: RegExpMatchArray): Read {
  const digits = (match[1] ?? "").replaceAll(",", "");
  const unit = (match[2] ?? "").toLowerCase();
  if (unit === "b" && match[2] === "b") return null;
  const power = "bkmgtp".indexOf(unit[0] ?? "b");
  const size =
    unit.startsWith("byte") || unit === "b" ? 1 : (unit.includes("i") ? 1024 : 1000) ** power;
  const decimals = digits.split(".")[1]?.length ?? 0;
  return { type: "bytes", n: Number(digits) * size, unit: size / 10 ** decimals };
}

function readDuration(match: RegExpMatchArray): Read {
  let seconds = 0;
  let unit = 1;
  for (let i = 1; i < 9; i += 2) {
    const [n, word] = [match[i], match[i + 1]];
    if (n === undefined || word === undefined) break;
    unit = SECONDS[unitKey(word)] ?? 1;
    seconds += Number(n) * unit;
    if (n.includes(".")) unit /= 10 ** (n.split(".")[1]?.length ?? 0);
  }
  return { type: "duration", n: seconds, unit };
}

function unitKey(word: string): string {
  const w = word.toLowerCase();
  if (w === "ms" || w.startsWith("milli")) return "ms";
  return w.startsWith("m") ? "min" : (w[0] ?? "s");
}

function readWords(match: RegExpMatchArray): Read {
  let total = 0;
  let part = 0;
  for (const word of match[0].toLowerCase().split(/[ -]+/)) {
    const n = NUMBER_WORDS.get(word);
    if (n === undefined) continue;
    if (n >= 1000) {
      total += Math.max(1, part) * n;
      part = 0;
    } else part = n === 100 ? Math.max(1, part) * 100 : part + n;
  }
  return { type: "count", n: total + part };
}
