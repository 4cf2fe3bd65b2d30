import type { Moment, StatedDate } from "./instants.ts";

/** A piece of a spelled time, before dates and clocks that belong together are joined. */
export type TimePiece = {
  start: number;
  end: number;
  /** Null where the piece tells no day. Several: the spelling can be read in more than one way. */
  dates: StatedDate[] | null;
  clock: Clock | null;
  /** Complete in itself: seconds since 1970 and the like. */
  moment: Moment | null;
};
export type Clock = {
  /** Milliseconds after midnight, as told. */
  start: number;
  width: number;
  zone: Zone;
  /** "2:14" may be told before noon or after it until another clock says so. */
  hours12: boolean;
  meridiem: boolean;
};
/** Minutes east of UTC; null when not told; NaN when told but of no known place. */
export type Zone = number | null;

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");
const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}";
const WEEKDAY =
  "(?:(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?\\.?,? (?:the )?)?";
const ZONES: Record<string, number> = {
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  cet: 60,
  cest: 120,
  eet: 120,
  eest: 180,
  bst: 60,
  jst: 540,
  aest: 600,
  aedt: 660,
  sgt: 480,
  hkt: 480,
  msk: 180,
};
const NAMED_ZONE = `(?: ?\\(?(?:UTC|GMT)(?: ?[+-]\\d{1,2}(?::?\\d{2})?(?!\\d))?(?![a-z])\\)?| ?(?:Z|${Object.keys(ZONES).join("|")}|IST)(?![a-z0-9])| local(?: time)?(?![a-z]))`;
const PLUS_ZONE = " ?\\+\\d{2}(?::?\\d{2})?(?!\\d)";
const ANY_ZONE = `(?:${NAMED_ZONE}| ?[+-]\\d{2}(?::?\\d{2})?(?![\\d:]))?`;
const SECONDS = ":(\\d{2})(?:[.,](\\d{1,9}))?";
const MERIDIEM = "(?: ?([ap])\\.?m(?![a-z])\\.?)?";

/** yyyy-mm-ddThh:mm:ss.fff+hh:mm, with a T or, before a minus sign, only when seconds are told. */
const ISO = /(?<![\w.-])(\d{4})-(\d{2})-(\d{2})(?!-?\d|\.[a-z0-9]{2,4}\b|-[a-z])/gi;
const YEAR_FIRST = /(?<![\w./-])(\d{4})([/.])(\d{2})\2(\d{2})(?![\d/]|\.\d)/g;
const HAS_MONTH = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/i;
const ISO_CLOCK = new RegExp(`T(\\d{2}):(\\d{2})(?:${SECONDS})?(${ANY_ZONE})(?![\\d:])`, "giy");
const CLF = new RegExp(
  `(?<![\\w/])(\\d{1,2})/(${MONTH})/(\\d{4}):(\\d{2}):(\\d{2})${SECONDS}( ?[+-]\\d{4}| ?Z)?(?!\\d)`,
  "gi",
);
const COMPACT =
  /(?<![\w.-])(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(?:(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{4})(?![\w-])|(?<![\w.-])(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?(?![\w-]|\.\d)/g;
const DAY_FIRST = new RegExp(
  `(?<![\\w.,/])(${WEEKDAY})(\\d{1,2})(?:st|nd|rd|th)?(?: of)?[ /-](${MONTH})(?:(?:\\.?,? |[/-])(\\d{4})(?![\\d:]))?(?![a-z])`,
  "gi",
);
const MONTH_FIRST = new RegExp(
  `(?<![\\w/-])(${WEEKDAY})(${MONTH})\\.? {1,2}(\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4})(?![\\d:]))?(?![\\w/]|[.:]\\d)`,
  "gi",
);
const NUMERIC = /(?<![\w./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[.-]\d)/g;
const MONTH_YEAR = new RegExp(`(?<![\\w/-])(${MONTH}),? (\\d{4})(?![\\d:-])`, "gi");
const YEAR = /(?<=\b(?:in|since|during) )((?:19[7-9]|20\d)\d)(?= ?(?:$|[.,;)]))/gi;
const CLOCK = new RegExp(
  `(?<![\\w:.,/$]|[a-z]-)(\\d{1,2}):(\\d{2})(?:${SECONDS}(?! ?[ap]\\.?m)((?:${NAMED_ZONE}|${PLUS_ZONE}| ?-\\d{2}:?\\d{2}(?![\\d:]))?)|(?:${SECONDS})?${MERIDIEM}((?:${NAMED_ZONE}|${PLUS_ZONE})?))(?![\\d:]|[.,]\\d|[a-z])`,
  "gi",
);
const HOUR = new RegExp(
  `(?<![\\w:.,/$-])(\\d{1,2}) ?([ap])(?:m|\\.m\\.)(?![a-z])((?:${NAMED_ZONE})?)`,
  "gi",
);
const MILITARY = /(?<![\w:.,/$-])([01]\d|2[0-3])([0-5]\d) ?(Z|UTC|GMT|hrs)(?![a-z0-9])/gi;
const EPOCH = /(?<![\w.,@$/+-])(\d{18,19}|\d{16}|\d{13}|\d{10}(?:\.\d{1,9})?)(?![\w@]|[.,-]\d)/g;
const EPOCH_WORD =
  /(?:epoch|unix|posix|time ?stamp|filetime|\btime|\bts|\bat)(?: time)?(?: of)?[ :="'([]{0,3}$/i;
const AMOUNT_AFTER = /^ ?(?:[kmgt]?i?b\b|bytes?|octets|packets|events?|records?|rows|%)/i;

type Make = (m: RegExpMatchArray, text: string) => Omit<TimePiece, "start" | "end"> | null;

/**
 * Forms in the order in which they are looked for; what one takes, later ones do not see. The
 * last is what a text must have for the form to be there: it saves the search.
 */
export const FORMS: [RegExp, Make, RegExp][] = [
  [
    CLF,
    (m) => ofDate([date(m[3], monthOf(m[2]), m[1])], clock(m[4], m[5], m[6], m[7], m[8])),
    /\/[a-z]{3,9}\//i,
  ],
  [ISO, (m) => ofDate([date(m[1], m[2], m[3])], null), /\d-\d\d-/],
  [COMPACT, readCompact, /\d{8}T?\d{4}/],
  [YEAR_FIRST, (m) => ofDate([date(m[1], m[3], m[4])], null), /\d{4}[/.]\d/],
  [NUMERIC, readNumeric, /\d[/.-]\d{1,2}[/.-]\d/],
  [DAY_FIRST, (m) => readNamed(m[0], m[4], m[3], m[2], m[1]), HAS_MONTH],
  [MONTH_FIRST, (m) => readNamed(m[0], m[4], m[2], m[3], m[1]), HAS_MONTH],
  [MONTH_YEAR, (m) => ofDate([date(m[2], monthOf(m[1]), null)], null), HAS_MONTH],
  [EPOCH, readEpoch, /\d{10}/],
  [CLOCK, readClock, /\d:\d/],
  [
    HOUR,
    (m) => ofClock(clock(m[1], "00", undefined, undefined, m[3], m[2], 3_600_000)),
    /\d ?[ap]\.?m/i,
  ],
  [
    MILITARY,
    (m) => ofClock(clock(m[1], m[2], undefined, undefined, m[3])),
    /\d{4} ?(?:Z|UTC|GMT|hrs)/i,
  ],
  [YEAR, (m) => ofDate([date(m[1], null, null)], null), /(?:in|since|during) \d{4}/i],
];

/** The clock of an ISO date that ends at `end`, if a T and a clock stand there. */
export function isoClockAt(text: string, end: number): { clock: Clock; end: number } | null {
  ISO_CLOCK.lastIndex = end;
  const m = ISO_CLOCK.exec(text);
  const read = m && clock(m[1], m[2], m[3], m[4], m[5]);
  return m && read ? { clock: read, end: end + m[0].length } : null;
}

function ofDate(dates: (StatedDate | null)[], told: Clock | null): ReturnType<Make> {
  const known = dates.filter((d) => d !== null);
  return { dates: known, clock: told, moment: null };
}

function ofClock(told: Clock | null): ReturnType<Make> {
  return told && { dates: null, clock: told, moment: null };
}

/** Null parts are open. A day no calendar has makes no date: the spelling then names no time. */
function date(
  year: string | undefined | null,
  month: number | string | undefined | null,
  day: string | undefined | null,
  weekday?: string,
): StatedDate | null {
  const [y, mo, d] = [year, month, day].map((part) => (part ? Number(part) : null));
  if (mo !== null && mo !== undefined && (mo < 1 || mo > 12)) return null;
  if (d && mo && (d < 1 || d > new Date(Date.UTC(y ?? 2024, mo, 0)).getUTCDate())) return null;
  if (d === 0) return null;
  const name = weekday?.slice(0, 3).toLowerCase();
  const at = name ? WEEKDAYS.indexOf(name) : -1;
  return { year: y ?? null, month: mo ?? null, day: d ?? null, weekday: at < 0 ? null : at };
}

function monthOf(name = ""): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

/** "may 12" and "mar 3" in small letters are words; so is "decoded 12", which is no month at all. */
function readNamed(
  whole: string,
  year: string | undefined,
  month = "",
  day = "",
  weekday = "",
): ReturnType<Make> {
  const full =
    /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/i;
  if (!full.test(month)) return null;
  if (!year && !/^\p{Lu}/u.test(month)) return null;
  const read = date(year, monthOf(month), day, weekday.trim() || undefined);
  return read || /[/-]|\d{4}/.test(whole) ? ofDate([read], null) : null;
}

/** 03/04/2026 is the third of April or the fourth of March: both, as nothing says which. */
function readNumeric(m: RegExpMatchArray): ReturnType<Make> {
  const [, a, sign, b, y = ""] = m;
  if (y.length === 2 && sign !== "/") return null;
  const year = y.length === 2 ? `20${y}` : y;
  const dayFirst = date(year, b, a);
  const monthFirst = sign === "." ? null : date(year, a, b);
  const both = [dayFirst, a === b ? null : monthFirst].filter((d) => d !== null);
  return both.length > 0 ? ofDate(both, null) : y.length === 4 ? ofDate([], null) : null;
}

function readCompact(m: RegExpMatchArray): ReturnType<Make> {
  const at = m[1] === undefined ? 9 : 1;
  const [y, mo, d, h, mi, s] = m.slice(at, at + 6);
  const read = date(y, mo, d);
  const told = clock(h, mi, s, at === 1 ? m[7] : undefined, at === 1 ? m[8] : undefined);
  return read && told ? ofDate([read], told) : null;
}

function readClock(m: RegExpMatchArray): ReturnType<Make> {
  const [, h, mi, s, fraction, zone, s2, fraction2, meridiem, zone2] = m;
  return ofClock(clock(h, mi, s ?? s2, fraction ?? fraction2, zone ?? zone2, meridiem));
}

function clock(
  hour = "",
  minute = "",
  second?: string,
  fraction?: string,
  zone?: string,
  meridiem?: string,
  width?: number,
): Clock | null {
  const half = meridiem?.toLowerCase();
  const told = Number(hour);
  const h = half ? (told % 12) + (half === "p" ? 12 : 0) : told;
  if (half ? told < 1 || told > 12 : told > 24) return null;
  if (Number(minute) > 59 || Number(second ?? 0) > 60) return null;
  const millis = fraction ? Number(fraction.slice(0, 3).padEnd(3, "0")) : 0;
  const start = ((h * 60 + Number(minute)) * 60 + Number(second ?? 0)) * 1000 + millis;
  const digits = fraction ? 10 ** Math.max(0, 3 - fraction.length) : 0;
  return {
    start,
    width: width ?? (digits || (second === undefined ? 60_000 : 1000)),
    zone: readZone(zone),
    hours12: !half && told >= 1 && told <= 12,
    meridiem: Boolean(half),
  };
}

function readZone(text: string | undefined): Zone {
  const zone = (text ?? "").replace(/[ ()]/g, "").toLowerCase();
  if (zone === "") return null;
  if (zone === "hrs") return null;
  if (/^(?:z|utc|gmt)$/.test(zone)) return 0;
  if (Object.hasOwn(ZONES, zone)) return ZONES[zone] ?? null;
  const m = /^(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (!m) return Number.NaN;
  return (m[1] === "-" ? -1 : 1) * (Number(m[2]) * 60 + Number(m[3] ?? 0));
}

/** Seconds, milliseconds, micro- or nanoseconds since 1970, or FILETIME: by their size. */
function readEpoch(m: RegExpMatchArray, text: string): ReturnType<Make> {
  const digits = m[1] ?? "";
  const before = text.slice(Math.max(0, (m.index ?? 0) - 24), m.index);
  const after = text.slice((m.index ?? 0) + digits.length, (m.index ?? 0) + digits.length + 12);
  if (AMOUNT_AFTER.test(after)) return null;
  const told = EPOCH_WORD.test(before);
  const fraction = digits.split(".")[1] ?? "";
  const whole = digits.split(".")[0] ?? "";
  const ms =
    whole.length === 10
      ? Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"))
      : whole.length === 13
        ? Number(whole)
        : whole.length === 16
          ? Math.floor(Number(whole) / 1000)
          : whole.length === 19
            ? Number(BigInt(whole) / 1_000_000n)
            : Number(BigInt(whole) / 10_000n) - 11_644_473_600_000;
  if (ms < Date.UTC(2000, 0) || ms >= Date.UTC(2040, 0)) return null;
  const plain = whole.length === 13 || whole.length === 18 || fraction.length >= 3;
  if (!told && !plain) return null;
  const seconds = whole.length === 10 ? 10 ** Math.max(0, 3 - fraction.length) : 1;
  const moment = { dates: null, start: ms, width: seconds, zone: 0, zoneStated: true };
  return { dates: null, clock: null, moment };
}
