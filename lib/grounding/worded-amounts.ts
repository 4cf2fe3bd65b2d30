import type { Entity } from "./entities.ts";
import { isTaken, mark } from "./marks.ts";
import { findNumberWords, readAmount, type WordedNumber } from "./number-words.ts";
import { BYTE_UNIT, bytesOf, isHedged, SECONDS, unitKey } from "./units.ts";

const UNIT =
  "(nanosecond|microsecond|millisecond|second|minute|min|hour|hr|day|week|month|year)s?(?![a-z])";
const TIME_UNIT = new RegExp(`( and a half)?[ -]${UNIT}`, "iy");
const SIZE_UNIT = new RegExp(`[ -]${BYTE_UNIT}`, "iy");
const PERCENT = / ?(?:%|percent\b|per ?cent\b|percentage points?\b)/iy;
/** "and a half", "and 20 minutes" behind a unit. */
const MORE = new RegExp(
  `( and a half)?(?:,? and (\\d{1,3}|[a-z]{3,9}(?:-[a-z]{3,5})?) ${UNIT})?`,
  "iy",
);
const SINGLE =
  /(?<![\w-])(?:(half an?|an?)[ -](hour|minute|day|week|month|year|second)|half[ -](hour|day)|a quarter of an (hour))(?![\w-])/gi;
const TIMES = /(?<![\w-])(once|twice|thrice)(?![\w-]|'s)/gi;
const ONE_BEFORE = /\b(?:no|the|this|that|each|every|which|another|any|some|not) $/i;
/** A thing to count stands behind "one", if it counts. */
const ONE_AFTER =
  /^(?: of\b| or\b| (?!(?:either|is|was|are|were|that|who|which|too|and|in|on|at|to|by|for|from|with|can|may|would|should|could|has|had|another)\b)[\w"])/i;
const ONCE_AFTER = /^ (?:the|it|they|he|she|this|that|these|those|a|an|we|you)\b/i;
const SECOND_AFTER = /^(?:$|[.,;)]| (?:later|after|before|apart|ago)\b)/i;

/** Durations, sizes, percentages and counts told in words. */
export function findWorded(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  const add = (start: number, end: number, made: Pick<Entity, "type" | "n" | "unit">) => {
    if (isTaken(taken, start, end)) return;
    mark(taken, start, end);
    const approx = isHedged(text, start);
    found.push({ ...made, text: text.slice(start, end), start, end, ...(approx && { approx }) });
  };
  for (const number of findNumberWords(text)) {
    const read = readNumber(text, number);
    if (read) add(number.start, read.end, read.made);
  }
  for (const match of text.matchAll(SINGLE)) {
    const read = readSingle(text, match);
    if (read) add(match.index, read.end, read.made);
  }
  for (const match of text.matchAll(TIMES)) {
    const end = match.index + match[0].length;
    const word = match[0].toLowerCase();
    const before = text.slice(Math.max(0, match.index - 4), match.index);
    if (word === "once" && (/\bat $/i.test(before) || ONCE_AFTER.test(text.slice(end, end + 8))))
      continue;
    add(match.index, end, { type: "count", n: { once: 1, twice: 2 }[word] ?? 3 });
  }
  return found;
}

type Reading = { end: number; made: Pick<Entity, "type" | "n" | "unit"> };

function readNumber(text: string, { start, end, n }: WordedNumber): Reading | null {
  const time = at(TIME_UNIT, text, end);
  if (time) {
    if (n === 0 && text.charAt(end) === "-") return null;
    const size = SECONDS[unitKey(time[2] ?? "")] ?? 1;
    const first = n + (time[1] ? 0.5 : 0);
    return readMore(text, end + time[0].length, first * size, time[1] ? size / 2 : size, size);
  }
  const bytes = at(SIZE_UNIT, text, end);
  if (bytes) {
    const unit = bytesOf(bytes[0].slice(1));
    return { end: end + bytes[0].length, made: { type: "bytes", n: n * unit, unit } };
  }
  const percent = at(PERCENT, text, end);
  if (percent) return { end: end + percent[0].length, made: { type: "percent", n } };
  const after = text.slice(end, end + 12);
  const before = text.slice(Math.max(0, start - 10), start);
  if (/^(?:-[a-z]|'s\b)/i.test(after) || /\w-$/.test(before)) return null;
  const one = /^one$/i.test(text.slice(start, end));
  if (one && (ONE_BEFORE.test(before) || !ONE_AFTER.test(after))) return null;
  return { end, made: { type: "count", n } };
}

/** "an hour", "half a day", "a quarter of an hour"; "a second alert" is no duration. */
function readSingle(text: string, match: RegExpExecArray): Reading | null {
  const [whole, article, word, halved, quarter] = match;
  const size = SECONDS[unitKey(word ?? halved ?? quarter ?? "")] ?? 1;
  const end = match.index + whole.length;
  if (size === 1 && !SECOND_AFTER.test(text.slice(end, end + 8))) return null;
  const part = quarter ? 0.25 : halved || /^half/i.test(article ?? "") ? 0.5 : 1;
  return readMore(text, end, part * size, part < 1 ? size / 2 : size, size);
}

/** "... and a half", "... and 20 minutes". */
function readMore(text: string, end: number, n: number, unit: number, size: number): Reading {
  const plain: Reading = { end, made: { type: "duration", n, unit } };
  const more = at(MORE, text, end);
  if (!more || more[0] === "") return plain;
  const smaller = more[3] ? (SECONDS[unitKey(more[3])] ?? 1) : null;
  const extra = smaller === null ? 0 : readAmount(more[2] ?? "") * smaller;
  if (Number.isNaN(extra) || (smaller !== null && smaller >= size)) return plain;
  const half = more[1] ? size / 2 : 0;
  const fine = smaller ?? size / 2;
  return {
    end: end + more[0].length,
    made: { type: "duration", n: n + half + extra, unit: fine },
  };
}

function at(regex: RegExp, text: string, index: number): RegExpExecArray | null {
  regex.lastIndex = index;
  return regex.exec(text);
}
