/** The day that a second since 1970 falls on, in days since 1970. */
export type DayOf = (second: number) => number;

const SECONDS_A_DAY = 86_400;
/** No zone is or was known to change its distance from UTC within a quarter of an hour's bounds. */
const QUARTER = 900;

export const utcDay: DayOf = (second) => Math.floor(second / SECONDS_A_DAY);

/** Days as they are counted in a zone, by its IANA name; null is UTC. */
export function daysIn(zone: string | null): DayOf {
  if (zone === null) return utcDay;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  });
  // Asking Intl costs microseconds, and a thread has a hundred thousand lines.
  const known = new Map<number, number>();
  return (second) => {
    const quarter = Math.floor(second / QUARTER);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = offsetAt(format, quarter * QUARTER);
      known.set(quarter, offset);
    }
    return utcDay(second + offset);
  };
}

/** Seconds that the zone's clock is ahead of UTC. */
function offsetAt(format: Intl.DateTimeFormat, second: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(second * 1000)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Math.round(Date.UTC(year, month - 1, day, hour, minute) / 1000) - second;
}
