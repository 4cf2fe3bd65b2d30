import type { Entity } from "./entities.ts";
import { isTaken, mark } from "./marks.ts";
import { readAmount } from "./number-words.ts";
import { findWorded } from "./worded-amounts.ts";
import { bytesOf, BYTE_UNIT, isHedged, SECONDS, unitKey } from "./units.ts";
import { timeCovers } from "./times.ts";

export { timeCovers };

const UNIT =
  "(?:nanoseconds?|ns|microseconds?|[\u00b5\u03bcu]s|milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|days?|d|weeks?|w|months?|years?)(?![\\w%])";
const DIGITS = "(?:\\d{1,3}(?:,\\d{3}){1,5}(?!\\d)|\\d{1,9}(?:\\.\\d{1,3})?)";
/** One part, or "2 to 3 hours". */
const PART = new RegExp(
  `(?<![\\w.,$/-])(?:(\\d{1,4}) ?(?:-|to|or) ?(\\d{1,4})|(${DIGITS}))[ -]?(${UNIT})`,
  "gi",
);
const JOINT = /^(?:,? and |, | )$/i;
const COMPACT = /(?<![\w.,-])\d{1,5}[dhm]\d{1,5}[hms](?:\d{1,5}(?:ms|[ms]))?(?!\w)/gi;
const COMPACT_PARTS = /(\d{1,5})(ms|[dhms])/gi;
const ISO =
  /(?<![\w.-])P(?=[\dT])(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?(?![\w-])/g;
const ISO_UNITS = ["y", "mo", "w", "d", "h", "min", "s"];
const CLOCKED =
  /(?<=\b(?:for|lasting|lasted|duration|duration of|took|takes|elapsed|runtime|runtime of)[ :])(\d{1,3}):([0-5]\d):([0-5]\d(?:\.\d{1,3})?)(?![\d:])/gi;
const MULTIPLE = "(?: ?(?:dozen|hundred|thousand|million|billion)(?![a-z])|k(?!\\w))";
const BYTES = new RegExp(
  `(?<![\\w.,$])(\\d{1,3}(?:,\\d{3}){1,5}(?:\\.\\d{1,3})?|\\d{1,18}(?:\\.\\d{1,3})?)(${MULTIPLE})?[ -]?(${BYTE_UNIT})`,
  "gi",
);
const PERCENT =
  /(?<![\w.,])(\d{1,3}(?:\.\d{1,3})?) ?(?:%|percent\b|per ?cent\b|percentage points?\b)/gi;
const NUMBER = new RegExp(
  `(?<![\\w.,])(?<![\\w]-)(\\d{1,3}(?: \\d{3}){1,4}(?= [a-z])|\\d{1,3}(?:,\\d{3}){1,5}(?:\\.\\d{1,6})?|\\d{1,15}(?:\\.\\d{1,6})?)(${MULTIPLE}|[x\u00d7](?!\\w))?(?!\\w|[.,]\\d|-\\w)`,
  "gi",
);
const NUMBER_RANGE = /(?<![\w.,-])(\d{1,6}) ?- ?(\d{1,6})(?![\w-]|[.,]\d)/g;
const VAGUE =
  /\b(?:dozens|scores(?= of)|hundreds(?: of (?:thousands|millions))?|thousands|millions|tens(?= of)|several|many|multiple|numerous|countless|(?:a )?few|a (?:(?:large|small|great|high|limited|growing|significant|whole) )?(?:number|handful|couple|lot)(?= of|\b(?! of))|handful|couple(?= of)|lots|plenty)\b/gi;
const RELATED = new RegExp(
  `(?:(?<![\\w.])(?:status(?: code)?s?|exit codes?|codes?|errors?|https?|versions?|ver\\.?|v|rules?|sids?|signatures?(?: ids?)?|levels?|severity|scores?(?: of)?|type|step|stages?|phases?|tiers?|lines?|pages?|sections?|chapters?|top|number|no\\.|build|revision|category|class|rank|windows(?: server)?|office|microsoft|tls|ssl|cvss|schema|asn|vlan|channel|slot|index|priority|uid|gid|inode|kb|rfc|iso|opcode|ticket|case|task category|record number|figures?|tables?|appendix|clause|item|question|part|note|slide|exhibit|alert|finding|incident|sample|option|round|wave|cluster|session|thread|cpu|soc|gpt|exchange|sharepoint|debian|ubuntu|rhel|centos|macos|ios|android|python|java|php|scores? of \\d{1,3} (?:out )?of)[ :=#]{1,2}|#|\\bHTTP/)$`,
  "i",
);
const RATE = /^ ?[kmgt]i?b(?:\/s|ps|it)|^ ?[kmgt]?hz\b/i;
const ENUMERATED = /(?:^|\n)\s{0,4}$/;

/** What a text must have for a form to be there: saves the search for it. */
const HAS_SIZE = /\d[ -]?(?:[bkmgtpo]|thousand|dozen|hundred)/i;
const HAS_COMPACT = /\d[dhm]\d/i;
const HAS_ISO = /P[\dT]/;
const HAS_CLOCK = /\d:\d\d:\d/;
const HAS_PERCENT = /%|per/i;
const HAS_RANGE = /\d ?- ?\d/;

/** Durations, sizes, percentages and counts, in digits and in words. Times are taken before. */
export function findQuantities(text: string, taken: Uint8Array): Entity[] {
  const has = (needs: RegExp) => needs.test(text);
  const digits = has(/\d/);
  return [
    ...(digits && has(HAS_SIZE) ? scan(text, BYTES, taken, readBytes) : []),
    ...(digits && has(HAS_COMPACT) ? scan(text, COMPACT, taken, readCompact) : []),
    ...(digits && has(HAS_ISO) ? scan(text, ISO, taken, readIso) : []),
    ...(digits && has(HAS_CLOCK) ? scan(text, CLOCKED, taken, readClocked) : []),
    ...findWorded(text, taken),
    ...(digits ? findDurations(text, taken) : []),
    ...(digits && has(HAS_PERCENT) ? scan(text, PERCENT, taken, readPercent) : []),
    ...(digits && has(HAS_RANGE) ? findRanges(text, taken) : []),
    ...(digits ? scan(text, NUMBER, taken, readNumber) : []),
    ...scan(text, VAGUE, taken, () => ({ type: "vague" })),
  ];
}

function readPercent(match: RegExpMatchArray): Read {
  return { type: "percent", n: readAmount(match[1] ?? "") };
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
    const approx = made.n !== undefined && isHedged(text, start);
    found.push({ ...entity, text: text.slice(start, end), start, end, ...(approx && { approx }) });
  }
  return found;
}

function readBytes(match: RegExpMatchArray): Read | null {
  const [, amount = "", multiple, unit = ""] = match;
  if (unit === "b") return null;
  const size = bytesOf(unit) * multipleOf(multiple);
  const decimals = amount.split(".")[1]?.length ?? 0;
  return { type: "bytes", n: readAmount(amount) * size, unit: size / 10 ** decimals };
}

function multipleOf(text: string | undefined): number {
  const word = (text ?? "").trim().toLowerCase();
  return (
    { dozen: 12, hundred: 100, thousand: 1000, k: 1000, million: 1e6, billion: 1e9 }[word] ?? 1
  );
}

/** Parts of falling size are one amount ("4 minutes and 10 seconds"), "3 days, 5 days" are two. */
function findDurations(text: string, taken: Uint8Array): Entity[] {
  const found: (Entity & { size: number; open: boolean })[] = [];
  for (const match of text.matchAll(PART)) {
    const [whole, low, high, amount = "", word = ""] = match;
    const start = match.index;
    const end = start + whole.trimEnd().length;
    if (isTaken(taken, start, end)) continue;
    mark(taken, start, end);
    const size = SECONDS[unitKey(word)] ?? 1;
    const last = found.at(-1);
    const n = low ? ((Number(low) + Number(high)) / 2) * size : readAmount(amount) * size;
    const width = low ? Number(high) - Number(low) : 10 ** -(amount.split(".")[1]?.length ?? 0);
    const unit = low ? Math.max(1, width) * size : width * size;
    const plain = whole.charAt(whole.length - word.length - 1) !== "-";
    if (
      last?.open &&
      plain &&
      !low &&
      size < last.size &&
      JOINT.test(text.slice(last.end, start))
    ) {
      Object.assign(last, { n: (last.n ?? 0) + n, unit, size, end });
      last.text = text.slice(last.start, end);
      continue;
    }
    const approx = isHedged(text, start);
    const made = { type: "duration" as const, text: text.slice(start, end), start, end, n, unit };
    found.push({ ...made, ...(approx && { approx }), size, open: plain && !low });
  }
  return found.map(({ size: _, open: __, ...entity }) => entity);
}

function readCompact(match: RegExpMatchArray): Read {
  let n = 0;
  let unit = 1;
  for (const [, amount = "", word = ""] of match[0].matchAll(COMPACT_PARTS)) {
    unit = SECONDS[unitKey(word)] ?? 1;
    n += Number(amount) * unit;
  }
  return { type: "duration", n, unit };
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
  if (
    ENUMERATED.test(before.slice(-6)) &&
    /^[.)] /.test(text.slice(start + digits.length, start + digits.length + 2))
  )
    return null;
  const times = multiple !== undefined && /^[x\u00d7]$/i.test(multiple);
  const length = times ? digits.length : undefined;
  const after = text.slice(start + digits.length, start + digits.length + 10);
  if (/^24$/.test(digits) && /^\/7\b/.test(after)) return null;
  if (/^7$/.test(digits) && /\b24\/$/.test(before)) return null;
  if (/(?<!\d)\/$/.test(before) && digits.length < 4) return { type: "name", length };
  if (RELATED.test(before) || RATE.test(after) || (digits.includes(".") && !multiple))
    return { type: "name", length };
  const size = times ? 1 : multipleOf(multiple);
  const decimals = digits.split(".")[1]?.length ?? 0;
  const unit = size === 1 ? undefined : size / 10 ** decimals;
  return { type: "count", n: readAmount(digits) * size, length, ...(unit && { unit }) };
}
