/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`; never negative. */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24)
    return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 && days < 10 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** `412 ms`, `1.4 s`, `2 min 5 s`. */
export function secondsWords(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds % 60 === 0
    ? `${seconds / 60} min`
    : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `07:42`, `3:07:42`; the clock of a countdown. */
export function countdownWords(ms: number): string {
  const total = Math.max(0, Math.floor(Math.abs(ms) / 1000));
  const hours = Math.floor(total / 3600);
  const two = (n: number) => String(n).padStart(2, "0");
  const tail = `${two(Math.floor((total % 3600) / 60))}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** `2026-03-01 02:14:07 UTC`, with milliseconds when asked. */
export function utcWords(iso: string, ms = false): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const text = date.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, ms ? 23 : 19)} UTC`;
}

/** `02:14:07`, the time of day in UTC. */
export function utcClock(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toISOString().slice(11, 19);
}

/** `2026-03-01 03:14:07 GMT+1`: the exact time in a zone, by its IANA name; null is UTC. */
export function zonedWords(iso: string, zone: string | null, ms = false): string {
  const parts = zone === null ? null : partsIn(iso, zone);
  if (parts === null) return utcWords(iso, ms);
  const { year, month, day, clock, name } = parts;
  const fraction = ms ? `.${new Date(iso).toISOString().slice(20, 23)}` : "";
  return `${year}-${month}-${day} ${clock}${fraction} ${name}`;
}

/** `03:14:07`, the time of day in a zone; null is UTC. */
export function zonedClock(iso: string, zone: string | null): string {
  const parts = zone === null ? null : partsIn(iso, zone);
  return parts === null ? utcClock(iso) : parts.clock;
}

/** `2026-03-01`, the day in a zone; null is UTC. */
export function zonedDay(iso: string, zone: string | null): string {
  const parts = zone === null ? null : partsIn(iso, zone);
  return parts === null ? iso.slice(0, 10) : `${parts.year}-${parts.month}-${parts.day}`;
}

type Parts = { year: string; month: string; day: string; clock: string; name: string };

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(iso: string, zone: string): Parts | null {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return null;
  const found = Object.fromEntries(
    formatOf(zone)
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  );
  const { year = "", month = "", day = "", hour, minute, second, timeZoneName = zone } = found;
  return { year, month, day, clock: `${hour}:${minute}:${second}`, name: timeZoneName };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  });
  formats.set(zone, made);
  return made;
}
