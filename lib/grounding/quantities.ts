import type { Entity } from "./entities.ts";
import { isTaken, mark } from "./marks.ts";
import { CARDINAL_WORDS, readAmount, readNumberWords, TIMES_WORDS } from "./number-words.ts";
import { timeCovers } from "./times.ts";

export { timeCovers };

const SECONDS: Record<string, number> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mo: 2_592_000,
  y: 31_536_000,
};
const UNIT =
  "(?:nanoseconds?|ns|microseconds?|[\u00b5\u03bcu]s|milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|days?|d|weeks?|w|months?|years?)(?![\\w%])";
const DIGITS = "(?:\\d{1,3}(?:,\\d{3}){1,5}(?!\\d)|\\d{1,9}(?:\\.\\d{1,3})?)";
const WORD_UNIT =
  "(?:nanosecond|microsecond|millisecond|second|minute|min|hour|hr|day|week|month|year)s?(?![a-z])";
const PART = `${DIGITS}[ -]?${UNIT}`;
const DURATION = new RegExp(
  `(?<![\\w.,$/-])(?:${PART}(?:(?:,? and |, | )${DIGITS} ?${UNIT}){0,3}|\\d{1,4} ?(?:-|to|or) ?\\d{1,4}[ -]?${UNIT})`,
  "gi",
);
const PARTS = new RegExp(`(${DIGITS})[ -]?(${UNIT})`, "gi");
const COMPACT = /(?<![\w.,-])\d{1,5}[dhm]\d{1,5}[hms](?:\d{1,5}(?:ms|[ms]))?(?!\w)/gi;
const COMPACT_PARTS = /(\d{1,5})(ms|[dhms])/gi;
const ISO =
  /(?<![\w.-])P(?=[\dT])(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?(?![\w-])/g;
const ISO_UNITS = ["y", "mo", "w", "d", "h", "min", "s"];
const WORDED = new RegExp(
  `(?<![\\w-])(?:(half an?|${CARDINAL_WORDS}(?: and a half)?|an?)[ -](${WORD_UNIT})|half[ -](hour|day)(?![\\w-])|a quarter of an (hour))( and a half)?(?:,? and (${CARDINAL_WORDS}|\\d{1,3}) (${WORD_UNIT}))?`,
  "gi",
);
const CLOCKED =
  /(?<=\b(?:for|lasting|lasted|duration|duration of|took|takes|elapsed|runtime|runtime of)[ :])(\d{1,3}):([0-5]\d):([0-5]\d(?:\.\d{1,3})?)(?![\d:])/gi;
const MULTIPLE = "(?: ?(?:thousand|million|billion)(?![a-z])|k(?!\\w))";
const BYTE_UNIT =
  "(?:bytes?|octets?|[kmgtp]i?b|(?:kilo|mega|giga|tera|peta|kibi|mebi|gibi|tebi)bytes?|b)(?!\\w|/s| per second)";
const BYTES = new RegExp(
  `(?<![\\w.,$])(\\d{1,3}(?:,\\d{3}){1,5}(?:\\.\\d{1,3})?|\\d{1,18}(?:\\.\\d{1,3})?|${CARDINAL_WORDS})(${MULTIPLE})?[ -]?(${BYTE_UNIT})`,
  "gi",
);
const PERCENT = new RegExp(
  `(?<![\\w.,])(\\d{1,3}(?:\\.\\d{1,3})?|${CARDINAL_WORDS}) ?(?:%|percent\\b|per ?cent\\b|percentage points?\\b)`,
  "gi",
);
const NUMBER = new RegExp(
  `(?<![\\w.,])(?<![\\w]-)(\\d{1,3}(?: \\d{3}){1,4}(?= [a-z])|\\d{1,3}(?:,\\d{3}){1,5}(?:\\.\\d{1,6})?|\\d{1,15}(?:\\.\\d{1,6})?)(${MULTIPLE}|[x\u00d7](?!\\w))?(?!\\w|[.,]\\d|-\\w)`,
  "gi",
);
const NUMBER_RANGE = /(?<![\w.,-])(\d{1,6}) ?- ?(\d{1,6})(?![\w-]|[.,]\d)/g;
const WORD_NUMBER = new RegExp(
  `(?<![\\w-])(?:${CARDINAL_WORDS}|${TIMES_WORDS})(?![\\w-]|'s\\b| (?:another|by one)\\b)`,
  "gi",
);
const VAGUE =
  /\b(?:dozens|scores(?= of)|hundreds(?: of (?:thousands|millions))?|thousands|millions|tens(?= of)|several|many|multiple|numerous|countless|(?:a )?few|a (?:(?:large|small|great|high|limited|growing|significant|whole) )?(?:number|handful|couple|lot)(?= of|\b(?! of))|handful|couple(?= of)|lots|plenty)\b/gi;
const HEDGE =
  /(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|close to|an? estimated|estimated|some|more or less|upwards of|in the region of|just (?:over|under))|~) ?$/i;
const RELATED = new RegExp(
  `(?:(?<![\\w.])(?:status(?: code)?s?|exit codes?|codes?|errors?|https?|versions?|ver\\.?|v|rules?|sids?|signatures?(?: ids?)?|levels?|severity|scores?(?: of)?|type|step|stages?|phases?|tiers?|lines?|pages?|sections?|chapters?|top|number|no\\.|build|revision|category|class|rank|windows(?: server)?|office|microsoft|tls|ssl|cvss|schema|asn|vlan|channel|slot|index|priority|uid|gid|inode|kb|rfc|iso|opcode|ticket|case|task category|record number|figures?|tables?|appendix|clause|item|question|part|note|slide|exhibit|alert|finding|incident|sample|option|round|wave|cluster|session|thread|cpu|soc|gpt|exchange|sharepoint|debian|ubuntu|rhel|centos|macos|ios|android|python|java|php|scores? of \\d{1,3} (?:out )?of)[ :=#]{1,2}|#|\\bHTTP/)$`,
  "i",
);
const RATE = /^ ?[kmgt]i?b(?:\/s|ps|it)|^ ?[kmgt]?hz\b/i;
const ENUMERATED = /(?:^|\n)\s{0,4}$/;

const ONE_BEFORE = /\b(?:no|the|this|that|each|every|which|another|any|some|not) $/i;
/** A thing to count stands behind "one", if it counts. */
const ONE_AFTER =
  /^(?: of\b| or\b| (?!(?:either|is|was|are|were|that|who|which|too|and|in|on|at|to|by|for|from|with|can|may|would|should|could|has|had)\b)[\p{L}"])/iu;
const ONCE_AFTER = /^ (?:the|it|they|he|she|this|that|these|those|a|an|we|you)\b/i;

/** Every regular expression of this file, for the test of their linearity. */
export const QUANTITY_PATTERNS: RegExp[] = [
  DURATION,
  PARTS,
  COMPACT,
  COMPACT_PARTS,
  ISO,
  WORDED,
  CLOCKED,
  BYTES,
  PERCENT,
  NUMBER,
  NUMBER_RANGE,
  WORD_NUMBER,
  VAGUE,
  HEDGE,
  RELATED,
  RATE,
  ENUMERATED,
  ONE_BEFORE,
  ONE_AFTER,
  ONCE_AFTER,
];

/** Durations, sizes, percentages and counts, in digits and in words. Times are taken before. */
export function findQuantities(text: string, taken: Uint8Array): Entity[] {
  const digits = /\d/.test(text);
  return [
    ...scan(text, BYTES, taken, readBytes),
    ...(digits ? scan(text, COMPACT, taken, (m) => durationOf(m[0], COMPACT_PARTS)) : []),
    ...(digits ? scan(text, ISO, taken, readIso) : []),
    ...(digits ? scan(text, CLOCKED, taken, readClocked) : []),
    ...scan(text, WORDED, taken, readWorded),
    ...(digits ? scan(text, DURATION, taken, readDuration) : []),
    ...scan(text, PERCENT, taken, (m) => ({ type: "percent", n: readAmount(m[1] ?? "") })),
    ...(digits ? findRanges(text, taken) : []),
    ...(digits ? scan(text, NUMBER, taken, readNumber) : []),
    ...scan(text, WORD_NUMBER, taken, readWords),
    ...scan(text, VAGUE, taken, () => ({ type: "vague" })),
  ];
}

/** `length`: how much of the match is the entity, when not all. */
type Read = Pick<Entity, "type" | "n" | "unit"> & { length?: number };

function scan(
  text: string,
  regex: RegExp,
  taken: Uint8Array,
  read: (match: RegExpMatchArray, text: string) => Read | null,
): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(regex)) {
    const made = read(match, text);
    if (!made) continue;
    const { length, ...entity } = made;
    const start = match.index;
    const end = start + (length ?? match[0].trimEnd().length);
    if (end <= start || isTaken(taken, start, end)) continue;
    mark(taken, start, end);
    const approx = made.n !== undefined && HEDGE.test(text.slice(Math.max(0, start - 24), start));
    found.push({ ...entity, text: text.slice(start, end), start, end, ...(approx && { approx }) });
  }
  return found;
}

function readBytes(match: RegExpMatchArray): Read | null {
  const [, amount = "", multiple, unitText = ""] = match;
  if (unitText === "b") return null;
  const unit = unitText.toLowerCase();
  const long = /^(kilo|mega|giga|tera|peta|kibi|mebi|gibi|tebi)/.exec(unit)?.[1];
  const power = Math.max(0, "bkmgtp".indexOf(unit.charAt(0)));
  const plain = /^(?:b|bytes?|octets?)$/.test(unit);
  const binary = long ? long.endsWith("bi") : unit.includes("i");
  const size = (plain ? 1 : (binary ? 1024 : 1000) ** power) * multipleOf(multiple);
  const decimals = amount.split(".")[1]?.length ?? 0;
  return { type: "bytes", n: readAmount(amount) * size, unit: size / 10 ** decimals };
}

function multipleOf(text: string | undefined): number {
  const word = (text ?? "").trim().toLowerCase();
  return { thousand: 1000, k: 1000, million: 1e6, billion: 1e9 }[word] ?? 1;
}

function readDuration(match: RegExpMatchArray): Read | null {
  const range = /^(\d+) ?(?:-|to|or) ?(\d+)(?!\d)[ -]?(.*)$/i.exec(match[0]);
  if (!range) return durationOf(match[0], PARTS);
  const size = SECONDS[unitKey(range[3] ?? "")] ?? 1;
  const [low, high] = [Number(range[1]) * size, Number(range[2]) * size];
  return { type: "duration", n: (low + high) / 2, unit: Math.max(size, high - low) };
}

/** Adds up parts of falling size ("3 days, 24-hour" are two); the smallest is the precision. */
function durationOf(text: string, parts: RegExp): Read {
  let n = 0;
  let unit = Infinity;
  let length = 0;
  for (const match of text.matchAll(parts)) {
    const [part, amount = "", word = ""] = match;
    const size = SECONDS[unitKey(word)] ?? 1;
    if (size >= unit) break;
    n += readAmount(amount) * size;
    unit = size / 10 ** (amount.split(".")[1]?.length ?? 0);
    length = match.index + part.length;
  }
  return { type: "duration", n, unit, length };
}

function readIso(match: RegExpMatchArray): Read | null {
  let n = 0;
  let unit = 0;
  ISO_UNITS.forEach((name, i) => {
    const amount = match[i + 1];
    if (amount === undefined) return;
    unit = SECONDS[name] ?? 1;
    n += Number(amount) * unit;
  });
  return unit === 0 ? null : { type: "duration", n, unit };
}

function readClocked(match: RegExpMatchArray): Read {
  const n = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
  return { type: "duration", n, unit: match[3]?.includes(".") ? 0.001 : 1 };
}

/** "a second alert" is no duration; "an hour and a half" and "two hours and 5 minutes" are one. */
function readWorded(match: RegExpMatchArray, text: string): Read | null {
  const [whole, amount = "half", word, halved, quarter, plus, more, moreUnit] = match;
  const unitWord = word ?? halved ?? quarter ?? "";
  const size = SECONDS[unitKey(unitWord)] ?? 1;
  if (/^zero-/i.test(whole)) return null;
  const rest = text.slice(match.index ?? 0).slice(whole.length, whole.length + 10);
  if (/^a$/i.test(amount) && size === 1 && !/^(?:$|[.,;)]| (?:later|after|before|apart|ago))/.test(rest))
    return null;
  const half = /^half/i.test(amount);
  const base = quarter ? 0.25 : half && !/dozen|hund|thou/i.test(amount) ? 0.5 : amountOf(amount);
  const half2 = plus || / and a half$/i.test(amount) ? 0.5 : 0;
  const smaller = moreUnit ? (SECONDS[unitKey(moreUnit)] ?? 1) : null;
  const n = (base + half2) * size + (smaller ? readAmount(more ?? "0") * smaller : 0);
  const fine = base % 1 !== 0 || half2 > 0 ? size / 2 : size;
  return { type: "duration", n, unit: smaller ?? fine };
}

function amountOf(text: string): number {
  return /^an?$/i.test(text) ? 1 : readNumberWords(text.replace(/ and a half$/i, ""));
}

function unitKey(word: string): string {
  const w = word.toLowerCase().trim();
  if (/^(?:ns|nano)/.test(w)) return "ns";
  if (/^(?:micro|[\u00b5\u03bcu]s)/.test(w)) return "us";
  if (/^(?:ms|milli)/.test(w)) return "ms";
  if (w.startsWith("mo")) return "mo";
  return w.startsWith("m") ? "min" : w.charAt(0);
}

/** "10-20 hosts" tells two numbers; "800-61" is a name. */
function findRanges(text: string, taken: Uint8Array): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(NUMBER_RANGE)) {
    const [whole, low = "", high = ""] = match;
    const start = match.index;
    const end = start + whole.length;
    if (isTaken(taken, start, end)) continue;
    mark(taken, start, end);
    const counted = Number(low) < Number(high) && /^ [a-z]/i.test(text.slice(end, end + 2));
    if (!counted) {
      found.push({ type: "name", text: whole, start, end });
      continue;
    }
    const second = end - high.length;
    found.push(
      { type: "count", n: Number(low), text: low, start, end: start + low.length },
      { type: "count", n: Number(high), text: high, start: second, end },
    );
  }
  return found;
}

/** A number that counts nothing (a status, a version, a score) is a name: it must stand somewhere. */
function readNumber(match: RegExpMatchArray, text: string): Read | null {
  const [, digits = "", multiple] = match;
  const start = match.index ?? 0;
  const before = text.slice(Math.max(0, start - 24), start);
  if (ENUMERATED.test(before.slice(-6)) && /^[.)] /.test(text.slice(start + digits.length, start + digits.length + 2)))
    return null;
  const times = multiple !== undefined && /^[x\u00d7]$/i.test(multiple);
  const length = times ? digits.length : undefined;
  const after = text.slice(start + digits.length, start + digits.length + 10);
  if (/^24$/.test(digits) && /^\/7\b/.test(after)) return null;
  if (/^7$/.test(digits) && /\b24\/$/.test(before)) return null;
  if (/(?<!\d)\/$/.test(before) && digits.length < 4) return { type: "name", length };
  if (RELATED.test(before) || RATE.test(after) || (digits.includes(".") && !multiple)) return { type: "name", length };
  const size = times ? 1 : multipleOf(multiple);
  const decimals = digits.split(".")[1]?.length ?? 0;
  const unit = size === 1 ? undefined : size / 10 ** decimals;
  return { type: "count", n: readAmount(digits) * size, length, ...(unit && { unit }) };
}

/** "no one", "not one either", "at once" and "once the" count nothing. */
function readWords(match: RegExpMatchArray, text: string): Read | null {
  const start = match.index ?? 0;
  const before = text.slice(Math.max(0, start - 10), start);
  const after = text.slice(start + match[0].length, start + match[0].length + 12);
  const word = match[0].toLowerCase();
  if (word === "one" && (ONE_BEFORE.test(before) || !ONE_AFTER.test(after))) return null;
  if (word === "once" && (/\bat $/i.test(before) || ONCE_AFTER.test(after))) return null;
  return { type: "count", n: readNumberWords(match[0]) };
}
