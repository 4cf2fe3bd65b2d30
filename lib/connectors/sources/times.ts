import type { TimeQuality } from "#lib/domain/evidence/record.ts";

/** An instant as a source gave it. `iso` is null when the spelling cannot be trusted. */
export type Moment = { iso: string | null; original: string | null; quality: TimeQuality };

export const NO_MOMENT: Moment = { iso: null, original: null, quality: "missing" };

/**
 * Reads any of the spellings of formats.md 4.1 into UTC milliseconds and keeps the original.
 * No zone means `assumed_utc`; no year takes the latest year that is not in the future of `now`
 * and says `assumed_year`; a date whose day and month cannot be told apart is `missing`.
 */
export function readTime(value: unknown, now: Date = new Date()): Moment {
  if (typeof value === "number") return fromEpoch(value, String(value));
  if (typeof value !== "string") return NO_MOMENT;
  const original = value.trim().slice(0, 120);
  if (original === "") return NO_MOMENT;
  const found = iso(original) ?? epochText(original) ?? slashed(original) ?? named(original, now);
  return found ?? { iso: null, original, quality: "missing" };
}

/** The first of several values that can be read as a time; else the first spelling, unread. */
export function firstTime(values: unknown[], now?: Date): Moment {
  let unread = NO_MOMENT;
  for (const value of values) {
    const moment = readTime(value, now);
    if (moment.iso !== null) return moment;
    if (unread.original === null) unread = moment;
  }
  return unread;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i;

function iso(original: string): Moment | null {
  const m = ISO.exec(original);
  if (!m) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = m;
  return build(original, [year, month, day, hour, minute, second], fraction, zone);
}

type Part = string | undefined;

function build(
  original: string,
  parts: Part[],
  fraction: Part,
  zone: Part,
  quality?: TimeQuality,
): Moment | null {
  const [year, month, day, hour, minute, second] = parts.map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Number(`${fraction ?? ""}000`.slice(0, 3));
  const local = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), ms);
  const check = new Date(local);
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day) return null;
  if (hour > 23 || minute > 59 || second > 60 || year < 1970 || year > 2199) return null;
  const instant = new Date(local - offsetMs(zone));
  return {
    iso: instant.toISOString(),
    original,
    quality: quality ?? (zone === undefined ? "assumed_utc" : "exact"),
  };
}

function offsetMs(zone: Part): number {
  const m = zone ? /^([+-])(\d\d):?(\d\d)?$/.exec(zone) : null;
  if (!m) return 0;
  const minutes = Number(m[2]) * 60 + Number(m[3] ?? 0);
  return (m[1] === "-" ? -minutes : minutes) * 60_000;
}

function epochText(original: string): Moment | null {
  const audit = /^audit\((\d{9,10}\.\d{1,6}):\d+\)/.exec(original);
  if (audit) return fromEpoch(Number(audit[1]), original);
  // Excel's 1.61248E+12 has lost its minutes: no instant.
  if (!/^\d{9,19}(?:\.\d+)?$/.test(original)) return null;
  return fromEpoch(Number(original), original);
}

/** Seconds, milliseconds, microseconds, nanoseconds or Windows FILETIME, told by magnitude. */
function fromEpoch(value: number, original: string): Moment {
  const nothing: Moment = { iso: null, original, quality: "missing" };
  if (!Number.isFinite(value) || value < 1e8) return nothing;
  let ms = value;
  if (value < 1e11) ms = value * 1000;
  else if (value < 1e14) ms = value;
  else if (value < 1e17) ms = value / 1000;
  else if (value < 1e18) ms = value / 10_000 - 11_644_473_600_000;
  else ms = value / 1e6;
  const instant = new Date(Math.floor(ms + 1e-4));
  if (Number.isNaN(instant.getTime())) return nothing;
  const year = instant.getUTCFullYear();
  if (year < 1971 || year > 2199) return nothing;
  return { iso: instant.toISOString(), original, quality: "exact" };
}

const SLASHED =
  /^(\d{1,2})\/(\d{1,2})\/(\d{4}),?\s+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(AM|PM)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** `2/4/2021, 11:57:45.162 PM` is month first; without AM or PM only a part over 12 decides. */
function slashed(original: string): Moment | null {
  const m = SLASHED.exec(original);
  if (!m) return null;
  const [, a, b, year, hour, minute, second, fraction, half, zone] = m;
  const first = Number(a);
  const other = Number(b);
  const monthFirst = half !== undefined || other > 12 || first === other;
  if (!monthFirst && first <= 12) return null;
  const [month, day] = monthFirst ? [a, b] : [b, a];
  let hours = Number(hour);
  if (half) hours = (hours % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  return build(original, [year, month, day, String(hours), minute, second], fraction, zone);
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const CLF = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)\s*([+-]\d{4})?$/;
const ASCTIME =
  /^[A-Za-z]{3},?\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)\s+(\d{4})(?:\s+(UTC|GMT|[+-]\d{4}))?$/;
const MAIL =
  /^(?:[A-Za-z]{3},\s*)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d\d):(\d\d):(\d\d)\s*(UTC|GMT|[+-]\d{4})?/;
const SYSLOG = /^([A-Za-z]{3})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)$/;

function named(original: string, now: Date): Moment | null {
  const clf = CLF.exec(original);
  if (clf) {
    const [, day, name, year, h, m, s, zone] = clf;
    return build(original, [year, monthOf(name), day, h, m, s], undefined, zone);
  }
  const asctime = ASCTIME.exec(original);
  if (asctime) {
    const [, name, day, h, m, s, year, zone] = asctime;
    return build(original, [year, monthOf(name), day, h, m, s], undefined, zone);
  }
  const mail = MAIL.exec(original);
  if (mail) {
    const [, day, name, year, h, m, s, zone] = mail;
    return build(original, [year, monthOf(name), day, h, m, s], undefined, zone);
  }
  const syslog = SYSLOG.exec(original);
  if (!syslog) return null;
  const [, name, day, h, m, s] = syslog;
  const dated = (year: number): Moment | null =>
    build(
      original,
      [String(year), monthOf(name), day, h, m, s],
      undefined,
      undefined,
      "assumed_year",
    );
  const thisYear = dated(now.getUTCFullYear());
  const future =
    typeof thisYear?.iso === "string" && Date.parse(thisYear.iso) > now.getTime() + 86_400_000;
  return thisYear === null || future ? dated(now.getUTCFullYear() - 1) : thisYear;
}

function monthOf(name: Part): string {
  return String(MONTHS.indexOf((name ?? "").toLowerCase()) + 1);
}

/**
 * A local time without zone beside the UTC time at which the same record was received shortly
 * after: the zone is the whole half-hours between them. Null when the gap fits no zone.
 */
export function zonedByReceipt(local: Moment, received: Moment): Moment | null {
  if (local.iso === null || received.iso === null) return null;
  if (local.quality !== "assumed_utc" || received.quality !== "exact") return null;
  const gap = Date.parse(received.iso) - Date.parse(local.iso);
  const half = 1_800_000;
  const offset = Math.floor((gap + 2_000) / half) * half;
  const delay = gap - offset;
  if (delay > 120_000 || Math.abs(offset) > 14 * 3_600_000) return null;
  const iso = new Date(Date.parse(local.iso) + offset).toISOString();
  return { iso, original: local.original, quality: "assumed_utc" };
}
