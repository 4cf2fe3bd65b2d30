/** A stretch of time that a spelling names: `[start, end)` in milliseconds since 1970 UTC. */
export type Instant = { start: number; end: number; zone: "stated" | "assumed" };

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * Reads an ISO 8601 spelling at its stated precision: "2026-03-01T02:14Z" is that whole minute,
 * "2026-03-01" that whole day. No zone is read as UTC and marked `assumed`. Null when it is no time.
 */
export function parseInstant(text: string): Instant | null {
  const m = ISO.exec(text.trim());
  if (!m) return null;
  const [, y, mo, d, h, mi, s, fraction, zone] = m;
  const month = Number(mo);
  const day = Number(d);
  const hour = Number(h ?? 0);
  const minute = Number(mi ?? 0);
  const second = Number(s ?? 0);
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return null;
  if (day > new Date(Date.UTC(Number(y), month, 0)).getUTCDate()) return null;
  const millis = fraction ? Number(fraction.slice(0, 3).padEnd(3, "0")) : 0;
  const utc = Date.UTC(Number(y), month - 1, day, hour, minute, second, millis);
  const start = utc - zoneMinutes(zone) * 60_000;
  if (!Number.isFinite(start)) return null;
  return { start, end: start + width(h, s, fraction), zone: zone ? "stated" : "assumed" };
}

/** Whether the instant `ms` lies in the stretch the spelling names. */
export function inInstant(ms: number, instant: Instant): boolean {
  return ms >= instant.start && ms < instant.end;
}

/** A day of which a text may leave parts open. */
export type StatedDate = {
  year: number | null;
  month: number | null;
  day: number | null;
  weekday: number | null;
};

/**
 * What a spelled time names. With `dates` (several where "03/04/2026" can be read two ways, none
 * where only a clock is told) `start` is milliseconds after midnight in the zone `zone` minutes east
 * of UTC; with `dates` null it is milliseconds since 1970 UTC. `width` is the stated precision.
 */
export type Moment = {
  dates: StatedDate[] | null;
  start: number;
  width: number;
  zone: number;
  zoneStated: boolean;
};

const DAY = 86_400_000;

/** Whether the instant `ms` (since 1970 UTC) is one that the moment names. */
export function momentCovers(moment: Moment, ms: number): boolean {
  const { dates, start, width: wide } = moment;
  if (dates === null) return ms >= start && ms < start + wide;
  const local = ms + moment.zone * 60_000;
  const midnight = Math.floor(local / DAY) * DAY;
  // 24:00 is the midnight that ends its day.
  return [midnight, midnight - DAY].some((day) => {
    const clock = local - day;
    if (clock < start || clock >= start + wide) return false;
    return dates.length === 0 || dates.some((date) => isDate(date, new Date(day)));
  });
}

function isDate(date: StatedDate, day: Date): boolean {
  return (
    (date.year === null || date.year === day.getUTCFullYear()) &&
    (date.month === null || date.month === day.getUTCMonth() + 1) &&
    (date.day === null || date.day === day.getUTCDate()) &&
    (date.weekday === null || date.weekday === day.getUTCDay())
  );
}

function width(hour: string | undefined, second: string | undefined, fraction?: string): number {
  if (hour === undefined) return 86_400_000;
  if (second === undefined) return 60_000;
  if (fraction === undefined) return 1000;
  return fraction.length === 1 ? 100 : fraction.length === 2 ? 10 : 1;
}

function zoneMinutes(zone: string | undefined): number {
  if (!zone || /^(Z|UTC|GMT)$/i.test(zone)) return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.replace(/\D/g, "");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}
